/** Flags of Node that the cloud is started with, as `bin/tongguan` has them too (docs/adr/0068). */
export const CLOUD_FLAGS: readonly string[] = ['--max-semi-space-size=32', '--heap-growing-percent=50'];

/** The same for `--role api`, which decides and which no vehicle connects to (docs/adr/0123). */
export const API_FLAGS: readonly string[] = [
  '--max-semi-space-size=4',
  '--no-parallel-scavenge',
  '--heap-growing-percent=50',
];

/** What the C library is told at the start of such a process: one heap, and large pieces given back. */
export const API_ENVIRONMENT: Readonly<Record<string, string>> = {
  MALLOC_ARENA_MAX: '1',
  MALLOC_MMAP_THRESHOLD_: '65536',
  MALLOC_TRIM_THRESHOLD_: '65536',
};
