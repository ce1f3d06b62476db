import { serveJob } from '../job-thread.ts';
import { type DraftJob, makeDraft } from './make-draft.ts';

// A thread for one draft: verifying years of entries takes minutes, and the loop that takes vehicles in goes on beside it.
await serveJob((job: DraftJob, note) => makeDraft(job, note));
