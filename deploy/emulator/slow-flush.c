/* Slow storage for an emulated TCU: each flush takes SLOW_FLUSH_US microseconds longer. Preloaded, so that the program under
 * test is the one that is shipped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <unistd.h>

static int slowly(const char *name, int file) {
  int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  const char *wait = getenv("SLOW_FLUSH_US");
  if (wait != NULL) usleep((useconds_t)atoi(wait));
  return flush(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
