import { parentPort, workerData } from 'node:worker_threads';
import { assert } from '../../proto/words/result.ts';
import { importFiles } from './import-files.ts';
import type { FileImportJob, FileImportWord } from './import-thread.ts';

// A thread for one import: looking through thousands of files takes its time, and the loop that takes vehicles in goes on beside it.
const port = parentPort;
assert(port !== null, 'an import runs in a thread');
const say = (word: FileImportWord): void => port.postMessage(word);
const { sent, request, storesDirectory } = workerData as FileImportJob;
say({ imported: await importFiles(sent, request, storesDirectory, (progress) => say({ progress })) });
