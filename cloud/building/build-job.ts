import { randomBytes } from 'node:crypto';
import { ok, type Result } from '../../proto/words/result.ts';
import type { RecipientSealing } from '../composition/open-sealing.ts';
import { buildFileParcel, type FileParcelOrder } from '../datasets/build-file-parcel.ts';
import {
  buildParcel,
  type Parcel,
  type ParcelFault,
  type ParcelOrder,
  type ParcelParts,
} from '../datasets/build-parcel.ts';
import { ALONE, notedTurns, type Turns } from '../datasets/turns.ts';
import type { NoteProgress } from '../ports/progress.ts';
import { CONTENT_KEY_BYTES } from '../sealing/profile.ts';
import type { SealFault } from '../sealing/seal-parcel.ts';
import type { ZoneFault } from '../zones/custodian.ts';
import type { BuildParts } from './open-build.ts';

/** What a build thread is asked for: rows from the zones, or files that were imported. */
export type BuildJob = (RowsJob | ({ readonly grain: 'files' } & FileParcelOrder)) & {
  /** Left out for a recipient whose parcels go unsealed. */
  readonly sealing?: RecipientSealing;
};

export type RowsJob = { readonly grain: 'rows'; readonly withoutConsent: readonly number[] } & ParcelOrder;

/** Another thread for a build that is worth one. */
export type OpenTurns = (job: RowsJob) => { readonly turns: Turns; readonly close: () => Promise<void> };

/** Records of a zone from which another thread may be worth its start: with 25,000 it was not (docs/adr/0088). */
export const HELPED_RECORDS_MIN = 100_000;

/**
 * Does one job, and seals what came of it. Rows are read only by who may read their zone.
 *
 * @param openTurns - left out where one thread has to do
 */
export async function runBuild(
  job: BuildJob,
  parts: BuildParts,
  openTurns?: OpenTurns,
  note: NoteProgress = () => undefined,
): Promise<Result<Parcel, ParcelFault | SealFault>> {
  const parcel =
    job.grain === 'files' ? await buildFileParcel(job, parts) : await buildRows(job, parts, openTurns, note);
  if (!parcel.ok || job.sealing === undefined) return parcel;
  const { transferId, recipientId } = job;
  note({ step: 'sealing', share: 0 });
  // Every thread of every build loads this file; what seals is larger than what builds.
  const { sealParcel } = await import('../sealing/seal-parcel.ts');
  const sealed = await sealParcel(
    { ...job.sealing, transferId, recipientId },
    randomBytes(CONTENT_KEY_BYTES),
    parts.border,
  );
  return sealed.ok ? ok({ ...parcel.value, ...sealed.value }) : sealed;
}

async function buildRows(
  job: RowsJob,
  parts: BuildParts,
  openTurns: OpenTurns | undefined,
  note: NoteProgress,
): Promise<Result<Parcel, ParcelFault>> {
  const own = partsFor(job, parts);
  if (!own.ok) return own;
  if (openTurns === undefined || own.value.records() < HELPED_RECORDS_MIN)
    return buildParcel(job, { ...own.value, turns: notedTurns(ALONE, note) });
  const { turns, close } = openTurns(job);
  try {
    return await buildParcel(job, { ...own.value, turns: notedTurns(turns, note) });
  } finally {
    await close();
  }
}

/** What a thread of a build reads rows with. */
export function partsFor(
  job: RowsJob,
  parts: BuildParts,
): Result<ParcelParts & { readonly records: () => number }, ZoneFault> {
  const zone = parts.zone();
  if (!zone.ok) return zone;
  const left = new Set(job.withoutConsent);
  return ok({ ...parts, records: zone.value.count, zone: left.size === 0 ? zone.value : without(left, zone.value) });
}

type Zone = ParcelParts['zone'];

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
