import type { Result } from '../proto/words/result.ts';
import { buildFileParcel, type FileParcelOrder } from './datasets/build-file-parcel.ts';
import { buildParcel, type Parcel, type ParcelFault, type ParcelOrder } from './datasets/build-parcel.ts';
import type { BuildParts } from './open-build.ts';

/** What a build thread is asked for: rows from the zones, or files that were imported. */
export type BuildJob = ({ readonly grain: 'rows' } & ParcelOrder) | ({ readonly grain: 'files' } & FileParcelOrder);

/** Does one job. Rows are read only by who may read their zone. */
export async function runBuild(job: BuildJob, parts: BuildParts): Promise<Result<Parcel, ParcelFault>> {
  if (job.grain === 'files') return buildFileParcel(job, parts);
  const zone = parts.zone();
  return zone.ok ? buildParcel(job, { ...parts, zone: zone.value }) : zone;
}
