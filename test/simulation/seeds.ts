/**
 * Seeds 1 to `count`; or, where the environment names one, so many from that one on, as `make soak SEED=42` asks.
 *
 * @param environment - SEED: the first; SEEDS: how many
 */
export function seedsFrom(count: number, environment: NodeJS.ProcessEnv = process.env): readonly number[] {
  const { SEED: first = '1', SEEDS: wanted = String(count) } = environment;
  return Array.from({ length: Number(wanted) }, (_, index) => Number(first) + index);
}
