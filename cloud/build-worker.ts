import { parentPort, workerData } from 'node:worker_threads';
import { causeText } from '../proto/words/fault.ts';
import { assert } from '../proto/words/result.ts';
import { type BuildJob, type OpenTurns, runBuild } from './build-job.ts';
import { openTurns } from './build-turns.ts';
import { type BuildPlaces, openBuild } from './open-build.ts';
import type { BuildAnswer } from './parcel-builder.ts';

// A thread for one build: the loop that takes vehicles in goes on beside it. It reads stores and writes staging only.
const port = parentPort;
assert(port !== null, 'a build runs in a thread');
const { job, places } = workerData as { readonly job: BuildJob; readonly places: BuildPlaces };
const answer = (one: BuildAnswer): void => port.postMessage(one);
const { parts, close } = openBuild(places, { now: () => job.at });
try {
  const openSecond: OpenTurns = (rows) => openTurns(rows, places);
  answer({ result: await runBuild(job, parts, places.threads > 1 ? openSecond : undefined) });
} catch (cause) {
  answer({ crash: causeText(cause) });
} finally {
  close();
}
