/* Slow storage for an emulated TCU: each flush takes SLOW_FLUSH_US microseconds longer, and leaves a byte in the file that
 * SLOW_FLUSH_LOG names. Preloaded, so that the program under test is the one that is shipped. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

static int slowly(const char *name, int file) {
  int (*flush)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  const char *wait = getenv("SLOW_FLUSH_US"), *log = getenv("SLOW_FLUSH_LOG");
  if (wait != NULL) usleep((useconds_t)atoi(wait));
  int counted = log == NULL ? -1 : open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (counted >= 0 && write(counted, ".", 1) + close(counted) < 0) return -1;
  return flush(file);
}

int fsync(int file) { return slowly("fsync", file); }
int fdatasync(int file) { return slowly("fdatasync", file); }
