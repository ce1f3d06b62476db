import type { Answer } from './client.ts';
import { ask } from './client.ts';
import { type JobProgress, type JobUnderWay, untilDone } from './jobs.ts';
import type { Preview } from './verdict.ts';

/** Asks what would be decided; a build that nobody wants any more is ended. @param note - told how far it is, while it is wanted */
export async function askVerdict(
  wish: object,
  note: (progress: JobProgress) => void,
  isWanted: () => boolean,
): Promise<Answer<Preview> | undefined> {
  const first = await ask<Preview | JobUnderWay>('POST', '/transfers/verdict', wish);
  const noteWanted = (progress: JobProgress): void => (isWanted() ? note(progress) : undefined);
  const answer = await untilDone<Preview>(first, '/verdicts', noteWanted, isWanted);
  return isWanted() ? answer : undefined;
}
