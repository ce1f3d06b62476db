import type { Result } from '../proto/words/result.ts';
import { buildFileParcel, type FileParcelOrder } from './datasets/build-file-parcel.ts';
import { buildParcel, type Parcel, type ParcelFault, type ParcelOrder } from './datasets/build-parcel.ts';
import type { openBuild } from './open-build.ts';

/** What a build thread is asked for: rows from the zones, or files that were imported. */
export type BuildJob = ({ readonly grain: 'rows' } & ParcelOrder) | ({ readonly grain: 'files' } & FileParcelOrder);

type Parts = ReturnType<typeof openBuild>['parts'];

/** Does one job. */
export function runBuild(job: BuildJob, parts: Parts): Promise<Result<Parcel, ParcelFault>> {
  return job.grain === 'rows' ? buildParcel(job, parts) : buildFileParcel(job, parts);
}
