import { parentPort, workerData } from 'node:worker_threads';
import { causeText } from '../../proto/words/fault.ts';
import { assert } from '../../proto/words/result.ts';
import type { Progress } from '../ports/progress.ts';
import { type BuildJob, type OpenTurns, runBuild } from './build-job.ts';
import { openTurns } from './build-turns.ts';
import { type BuildPlaces, openBuild } from './open-build.ts';
import type { BuildWord } from './parcel-builder.ts';

// A thread for one build: the loop that takes vehicles in goes on beside it. It reads stores and writes staging only.
const port = parentPort;
assert(port !== null, 'a build runs in a thread');
const { job, places } = workerData as { readonly job: BuildJob; readonly places: BuildPlaces };
const say = (word: BuildWord): void => port.postMessage(word);
const { parts, close } = openBuild(places, { now: () => job.at });
try {
  const openSecond: OpenTurns = (rows) => openTurns(rows, places);
  const note = (progress: Progress): void => say({ progress });
  say({ result: await runBuild(job, parts, places.threads > 1 ? openSecond : undefined, note) });
} catch (cause) {
  say({ crash: causeText(cause) });
} finally {
  close();
}
