import { randomBytes } from 'node:crypto';
import { ok, type Result } from '../proto/words/result.ts';
import { buildFileParcel, type FileParcelOrder } from './datasets/build-file-parcel.ts';
import { buildParcel, type Parcel, type ParcelFault, type ParcelOrder } from './datasets/build-parcel.ts';
import type { BuildParts } from './open-build.ts';
import type { RecipientSealing } from './open-sealing.ts';
import { CONTENT_KEY_BYTES } from './sealing/profile.ts';
import { type SealFault, sealParcel } from './sealing/seal-parcel.ts';

/** What a build thread is asked for: rows from the zones, or files that were imported. */
export type BuildJob = (
  | ({ readonly grain: 'rows'; readonly withoutConsent: readonly number[] } & ParcelOrder)
  | ({ readonly grain: 'files' } & FileParcelOrder)
) & {
  /** Left out for a recipient whose parcels go unsealed. */
  readonly sealing?: RecipientSealing;
};

/** Does one job, and seals what came of it. Rows are read only by who may read their zone. */
export async function runBuild(job: BuildJob, parts: BuildParts): Promise<Result<Parcel, ParcelFault | SealFault>> {
  const parcel = await buildPlain(job, parts);
  if (!parcel.ok || job.sealing === undefined) return parcel;
  const { transferId, recipientId } = job;
  const sealed = await sealParcel(
    { ...job.sealing, transferId, recipientId },
    randomBytes(CONTENT_KEY_BYTES),
    parts.border,
  );
  return sealed.ok ? ok({ ...parcel.value, ...sealed.value }) : sealed;
}

async function buildPlain(job: BuildJob, parts: BuildParts): Promise<Result<Parcel, ParcelFault>> {
  if (job.grain === 'files') return buildFileParcel(job, parts);
  const zone = parts.zone();
  if (!zone.ok) return zone;
  const left = new Set(job.withoutConsent);
  return buildParcel(job, { ...parts, zone: left.size === 0 ? zone.value : without(left, zone.value) });
}

type Zone = Parameters<typeof buildParcel>[1]['zone'];

const everyone = (): boolean => true;

/**
 * The zone as if devices had sent nothing: they are in no row, no figure and no count, and what they sent is not opened. What
 * a zone gives all the same is left out here: who agreed to nothing must not hang on how a zone is read.
 */
function without(devices: ReadonlySet<number>, { signals }: Zone): Zone {
  return {
    *signals(from, to, isWanted = everyone) {
      const isGiven = (deviceNumber: number): boolean => !devices.has(deviceNumber) && isWanted(deviceNumber);
      for (const record of signals(from, to, isGiven)) if (isGiven(record.key.deviceNumber)) yield record;
    },
  };
}
