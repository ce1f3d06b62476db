import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { borderDirectory } from '../../../cloud/adapters/border-directory.ts';
import { parquetTables } from '../../../cloud/adapters/parquet-tables.ts';
import { sqlitePublications } from '../../../cloud/adapters/sqlite-publications.ts';
import { buildParcel, type ParcelOrder } from '../../../cloud/datasets/build-parcel.ts';
import { contentsOf } from '../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../cloud/datasets/definition.ts';
import { personDigest } from '../../../cloud/partition/recipient-tag.ts';
import type { ZoneRecord } from '../../../cloud/ports/zone-store.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';
import { parseVin, type Vin } from '../../../proto/words/vin.ts';
import { testZone } from '../../support/cloud/zones.ts';

export interface ParcelFigures {
  readonly name: string;
  readonly rows: number;
  readonly rowsPerSecond: number;
  /** The same records read from the zone, written as JSON lines and hashed, and nothing else. */
  readonly copyRowsPerSecond: number;
  readonly bytesPerRow: number;
}

const BATTERY = 'Vehicle.Powertrain.TractionBattery';
const SIGNALS = [
  'CurrentVoltage',
  'CurrentCurrent',
  'StateOfHealth',
  'CurrentPower',
  'StateOfCharge.Current',
  'Temperature.Average',
  'Temperature.Min',
  'Temperature.Max',
].map((name) => `${BATTERY}.${name}`);
const DAYS = 10;
const NOW = Date.UTC(2026, 2, 1) as Instant;

/** Builds a parcel of one row a reading, and copies the same readings bare, in one run on one core. */
export async function measureParcels(directory: string, vehicles: number): Promise<readonly ParcelFigures[]> {
  rmSync(directory, { recursive: true, force: true });
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name), { recursive: true });
  const zone = testZone(directory, 'personal');
  for (let first = 0; first < vehicles; first += 500) zone.insert(recordsOf(first, Math.min(vehicles, first + 500)));
  const rows = vehicles * DAYS * SIGNALS.length;
  const border = borderDirectory(directory);
  const publications = sqlitePublications(join(directory, 'publications.sqlite'));
  const key = new Uint8Array(32).fill(3);
  const personsOf = (vins: readonly Vin[]) => vins.map((vin) => personDigest(key, vin));
  const parts = { zone, border, publications, format: parquetTables(), key, vinOf, personsOf };
  const copySeconds = await seconds(async () => {
    border.stageLines('copy', 'rows.ndjson', copyLines(zone.signals(0 as Instant, NOW)));
  });
  const figures: ParcelFigures[] = [];
  for (const kind of ['vehicle-day-statistics', 'aggregates']) {
    let built = 0;
    const took = await seconds(async () => {
      const parcel = await buildParcel(orderOf(kind), parts);
      if (!parcel.ok) throw new Error(parcel.fault.code);
      built = parcel.value.rows;
    });
    const bytesPerRow = statSync(join(directory, 'staging', kind, 'rows.parquet')).size / built;
    // Of an aggregate the rows are those that went in: what comes out is a few hundred.
    figures.push({ name: kind, rows, rowsPerSecond: rows / took, copyRowsPerSecond: rows / copySeconds, bytesPerRow });
  }
  zone.close();
  publications.close();
  return figures;
}

function orderOf(kind: string): ParcelOrder {
  const more = kind === 'aggregates' ? { period: 'day', byModel: false, totals: false } : {};
  const dataset = DatasetDefinition.parse({
    kind,
    id: 'bench',
    title: 'Bench',
    purposes: ['bench'],
    signals: SIGNALS,
    ...more,
  });
  if (dataset.kind === 'tracks') throw new Error('never built');
  const digests = { rules: '', catalogue: '' };
  return {
    transferId: kind,
    at: NOW,
    recipientId: 'bench',
    purpose: 'bench',
    contents: contentsOf(dataset),
    findings: 'unknown',
    digests,
    dataset,
    models: [],
  };
}

function recordsOf(first: number, end: number): readonly ZoneRecord[] {
  const records: ZoneRecord[] = [];
  for (let vehicle = first; vehicle < end; vehicle += 1) {
    const subjectTag = Buffer.alloc(16);
    subjectTag.writeUInt32LE(Math.imul(vehicle + 1, 0x9e3779b1) >>> 0, 0);
    subjectTag.writeUInt32LE(vehicle + 1, 8);
    for (let day = 1; day <= DAYS; day += 1) {
      const signals = SIGNALS.map((path, index) => ({
        path,
        value: Math.round(Math.sin(vehicle * 31 + day * 7 + index) * 400_000) / 1_000,
      }));
      const content = {
        kind: 'signals' as const,
        subjectTag: subjectTag as Uint8Array as SubjectTag,
        observedAt: (NOW - (day + 10) * DAY_MS) as Instant,
        signals,
      };
      records.push({ key: { deviceNumber: vehicle, epoch: 1, sequence: day }, content });
    }
  }
  return records;
}

function* copyLines(records: Iterable<ZoneRecord>): Generator<string> {
  for (const { key, content } of records) {
    if (content.kind !== 'signals') continue;
    for (const { path, value } of content.signals) {
      yield `{"at":${content.observedAt},"signal":"${path}","value":${value},"vehicle":${key.deviceNumber}}`;
    }
  }
}

function vinOf(number: number): Vin {
  const draft = `LTGTA4D50TA${String(number).padStart(6, '0')}`;
  const parsed = parseVin(draft);
  if (parsed.ok) return parsed.value;
  const digit = parsed.fault.code === 'VIN_CHECK_DIGIT' ? parsed.fault.expected : '';
  return `${draft.slice(0, 8)}${digit}${draft.slice(9)}` as Vin;
}

/** Of CPU, all threads: collecting garbage is part of the work. */
async function seconds(work: () => Promise<void>): Promise<number> {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1e6;
}
