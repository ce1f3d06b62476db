import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../proto/words/result.ts';
import type { InspectionWord } from './inspection-thread.ts';
import { type InspectionJob, makeInspection } from './make-inspection.ts';

// A thread for one bundle: hashing years of entries takes minutes, and the loop that takes vehicles in goes on beside it.
const port = parentPort;
assert(port !== null, 'a bundle is made in a thread');
const say = (word: InspectionWord): void => port.postMessage(word);
say({ made: await makeInspection(workerData as InspectionJob, (progress) => say({ progress })) });
