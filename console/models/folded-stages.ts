/** A stage, and how often it ran. */
export interface StageTimes {
  readonly stage: string;
  readonly times: number;
}

/** Stages in the order in which each ran first; one that ran for several signals or sensors stands once. */
export function foldedStages(steps: readonly { readonly stage: string }[]): readonly StageTimes[] {
  const times = new Map<string, number>();
  for (const { stage } of steps) times.set(stage, (times.get(stage) ?? 0) + 1);
  return [...times].map(([stage, count]) => ({ stage, times: count }));
}
