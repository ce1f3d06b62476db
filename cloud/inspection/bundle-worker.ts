import { serveJob } from '../job-thread.ts';
import { type BundleTask, makeBundle } from './bundle-task.ts';

// A thread for one bundle: hashing years of entries takes minutes, and the loop that takes vehicles in goes on beside it.
await serveJob((task: BundleTask, note) => makeBundle(task, note));
