import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { borderDirectory } from '../../../cloud/adapters/border-directory.ts';
import { parquetTables } from '../../../cloud/adapters/parquet-tables.ts';
import { sqlitePublications } from '../../../cloud/adapters/sqlite-publications.ts';
import { buildParcel, type ParcelOrder, type ParcelParts } from '../../../cloud/datasets/build-parcel.ts';
import { contentsOf } from '../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../cloud/datasets/definition.ts';
import { personDigest } from '../../../cloud/partition/recipient-tag.ts';
import type { Publications } from '../../../cloud/ports/publications.ts';
import type { ZoneRecord } from '../../../cloud/ports/zone-store.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import type { CivilDate } from '../../../proto/words/time.ts';
import { type Instant, startOfDay } from '../../../proto/words/time.ts';
import { testVin } from '../cloud/vins.ts';

export const SOC = 'Vehicle.Powertrain.TractionBattery.StateOfCharge.Current';
export const VOLTAGE = 'Vehicle.Powertrain.TractionBattery.CurrentVoltage';
export const KEY = new Uint8Array(32).fill(7);

/** One reading a vehicle and day, at noon in Shanghai. */
export interface Sample {
  readonly vehicle: number;
  readonly day: string;
  readonly value: number | boolean | string;
  readonly path?: string;
}

export const tagOfVehicle = (vehicle: number): SubjectTag =>
  createHash('sha256').update(`domestic ${vehicle}`).digest().subarray(0, 16) as Uint8Array as SubjectTag;

export function recordsOf(samples: readonly Sample[]): readonly ZoneRecord[] {
  return samples.map(({ vehicle, day, value, path = SOC }, sequence) => ({
    key: { deviceNumber: vehicle, epoch: 1, sequence },
    content: {
      kind: 'signals',
      subjectTag: tagOfVehicle(vehicle),
      observedAt: (startOfDay(day as CivilDate) + 43_200_000) as Instant,
      signals: [{ path, value }],
    },
  }));
}

/** A zone in memory: the port says that it gives records of signals in no particular order. */
export function zoneOf(records: readonly ZoneRecord[]): ParcelParts['zone'] {
  return {
    signals: (from, to) =>
      records.filter(
        ({ content }) => content.kind === 'signals' && content.observedAt >= from && content.observedAt < to,
      ),
  };
}

/** A border, publications and a key in a directory. */
export function parcelParts(directory: string, records: readonly ZoneRecord[], over: Partial<ParcelParts> = {}) {
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name), { recursive: true });
  const publications = sqlitePublications(join(directory, 'publications.sqlite'));
  const parts: ParcelParts & { readonly publications: Publications } = {
    zone: zoneOf(records),
    border: borderDirectory(directory),
    format: parquetTables(),
    key: KEY,
    vinOf: testVin,
    personsOf: (vins) => vins.map((vin) => personDigest(KEY, vin)),
    ...over,
    publications,
  };
  return parts;
}

export function orderOf(definition: object, over: Partial<ParcelOrder> = {}): ParcelOrder {
  const dataset = DatasetDefinition.parse({ id: 'one', title: 'One', purposes: ['why'], ...definition });
  if (dataset.kind === 'tracks') throw new Error('never built');
  return {
    transferId: 't1',
    at: startOfDay('2026-03-01' as CivilDate),
    recipientId: 'laboratory',
    purpose: 'why',
    contents: contentsOf(dataset),
    findings: 'unknown',
    digests: { rules: 'r', catalogue: 'c' },
    dataset,
    models: [],
    ...over,
  };
}

export const STATISTICS = { kind: 'vehicle-day-statistics', signals: [SOC, VOLTAGE] };
export const AGGREGATES = { kind: 'aggregates', signals: [SOC], period: 'day', byModel: false, totals: false };

export interface BuiltRows {
  readonly rows: readonly Readonly<Record<string, string | number>>[];
  readonly manifest: Readonly<Record<string, unknown>>;
}

/** Builds, and reads what is staged. */
export async function builtRows(order: ParcelOrder, parts: ParcelParts, directory: string): Promise<BuiltRows> {
  const built = await buildParcel(order, parts);
  if (!built.ok) throw new Error(built.fault.code);
  const staged = (name: string) => readFileSync(join(directory, 'staging', order.transferId, name), 'utf8');
  const lines = staged('rows.ndjson')
    .split('\n')
    .filter((line) => line !== '');
  return { rows: lines.map((line) => JSON.parse(line)), manifest: JSON.parse(staged('manifest.json')) };
}
