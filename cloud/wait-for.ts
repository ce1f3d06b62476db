/** Shorter than what any client, proxy or limit of ours waits for; most work is over by then. */
export const ANSWER_MS = 10_000;

/** What comes of work within a time. @returns undefined where it takes longer; the work goes on */
export async function withinMs<T>(work: Promise<T>, ms: number): Promise<T | undefined> {
  // Whoever waits for nothing is told that it goes on, however soon it is done.
  if (ms <= 0) return undefined;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
