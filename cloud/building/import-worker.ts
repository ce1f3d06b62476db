import { serveJob } from '../job-thread.ts';
import { importFiles } from './import-files.ts';
import type { FileImportJob } from './import-thread.ts';

// A thread for one import: looking through thousands of files takes its time, and the loop that takes vehicles in goes on beside it.
await serveJob(({ sent, request, storesDirectory }: FileImportJob, note) =>
  importFiles(sent, request, storesDirectory, note),
);
