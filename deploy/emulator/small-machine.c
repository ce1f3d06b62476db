/* Runs a program on a machine that seems to have SMALL_MACHINE_MIB of memory: the first answer of sysinfo(2) says so.
 *
 * QEMU's user emulation asks it once, at its start, and takes an eighth of what there is for translated code, at most 128 MiB.
 * On a machine that has no more than the TCU that is emulated it would take so much less, and nothing else tells it (7.2 has
 * no option for it). The program itself is not changed and keeps its process id.
 *
 *   SMALL_MACHINE_MIB=256 small-machine PROGRAM [ARGUMENT...] */
#define _GNU_SOURCE
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/wait.h>
#include <linux/ptrace.h>
#include <unistd.h>

/* Ends of system calls that are looked at before the program is let go; QEMU asks within its first twenty. */
enum { STOPS_MAX = 2000 };

static void answer(pid_t program, unsigned long at, unsigned long bytes) {
  unsigned long unit = (unsigned long)ptrace(PTRACE_PEEKDATA, program, at + offsetof(struct sysinfo, mem_unit), 0);
  ptrace(PTRACE_POKEDATA, program, at + offsetof(struct sysinfo, mem_unit), (unit & ~0xffffffffUL) | 1);
  ptrace(PTRACE_POKEDATA, program, at + offsetof(struct sysinfo, totalram), bytes);
}

/* The next beginning or end of a system call; signals go on to the program. */
static int next_stop(pid_t program, int *status) {
  for (int signal = 0;;) {
    if (ptrace(PTRACE_SYSCALL, program, 0, signal) != 0) return 0;
    if (waitpid(program, status, __WALL) != program || !WIFSTOPPED(*status)) return 0;
    if (WSTOPSIG(*status) == (SIGTRAP | 0x80)) return 1;
    signal = *status >> 16 ? 0 : WSTOPSIG(*status);
  }
}

static void watch(pid_t program, unsigned long bytes) {
  unsigned long asked_at = 0;
  int status;
  for (int stops = 0; stops < STOPS_MAX && next_stop(program, &status); stops += 1) {
    struct ptrace_syscall_info info;
    if (ptrace(PTRACE_GET_SYSCALL_INFO, program, sizeof info, &info) <= 0) break;
    if (info.op == PTRACE_SYSCALL_INFO_ENTRY) asked_at = info.entry.nr == SYS_sysinfo ? info.entry.args[0] : 0;
    if (info.op != PTRACE_SYSCALL_INFO_EXIT || asked_at == 0) continue;
    answer(program, asked_at, bytes);
    break;
  }
  ptrace(PTRACE_DETACH, program, 0, 0);
}

/* Whoever is watched waits for a byte, so that nothing of the program runs unseen. */
static int begin(pid_t program, int told) {
  int status;
  if (ptrace(PTRACE_SEIZE, program, 0, PTRACE_O_TRACESYSGOOD) != 0) return 0;
  if (ptrace(PTRACE_INTERRUPT, program, 0, 0) != 0 || waitpid(program, &status, __WALL) != program) return 0;
  return write(told, "", 1) == 1;
}

int main(int count, char **words) {
  const char *megabytes = getenv("SMALL_MACHINE_MIB");
  unsigned long bytes = megabytes == NULL ? 0 : strtoul(megabytes, NULL, 10) << 20;
  int told[2];
  char byte;
  if (count < 2 || bytes == 0) {
    fputs("usage: SMALL_MACHINE_MIB=256 small-machine PROGRAM [ARGUMENT...]\n", stderr);
    return 2;
  }
  pid_t program = getpid();
  if (pipe(told) != 0) return 1;
  prctl(PR_SET_PTRACER, PR_SET_PTRACER_ANY, 0, 0, 0);
  pid_t between = fork();
  if (between == 0) {
    /* The watcher is a child of nobody: the program would be told of the end of one that it never had. */
    if (fork() != 0) _exit(0);
    if (begin(program, told[1])) watch(program, bytes);
    _exit(0);
  }
  waitpid(between, NULL, 0);
  close(told[1]);
  if (read(told[0], &byte, 1) != 1) {
    fputs("small-machine: this process may not be watched (ptrace)\n", stderr);
    return 3;
  }
  close(told[0]);
  execvp(words[1], words + 1);
  perror(words[1]);
  return 127;
}
