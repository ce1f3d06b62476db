/** Flags of Node that the cloud is started with, as `bin/tongguan` has them too (docs/adr/0068). */
export const CLOUD_FLAGS: readonly string[] = ['--max-semi-space-size=32', '--heap-growing-percent=50'];
