import { mkdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { borderDirectory } from '../../../cloud/adapters/border-directory.ts';
import { createParcelBuilder } from '../../../cloud/building/parcel-builder.ts';
import type { ParcelOrder } from '../../../cloud/datasets/build-parcel.ts';
import { PARQUET_NAME } from '../../../cloud/datasets/check-group.ts';
import { contentsOf } from '../../../cloud/datasets/contents.ts';
import { DatasetDefinition } from '../../../cloud/datasets/definition.ts';
import type { ZoneRecord } from '../../../cloud/ports/zone-store.ts';
import type { SubjectTag } from '../../../proto/words/subject.ts';
import { DAY_MS, type Instant } from '../../../proto/words/time.ts';
import { parseVin, type Vin } from '../../../proto/words/vin.ts';
import { testDevice } from '../../support/cloud/devices.ts';
import { openStores } from '../../support/cloud/open-stores.ts';
import { testZone } from '../../support/cloud/zones.ts';

export interface ParcelFigures {
  readonly name: string;
  readonly threads: number;
  readonly rows: number;
  /** Of one vehicle and day, under one seal. */
  readonly framesADay: number;
  /** By the clock and by CPU; rows are readings that went in, of which a parcel has as many only with one frame a day. */
  readonly rowsPerSecond: Pace;
  /** The same records read from the zone, written as JSON lines and hashed, and nothing else; by one thread. */
  readonly copyRowsPerSecond: Pace;
  readonly bytesPerRow: number;
}

interface Pace {
  readonly clock: number;
  readonly cpu: number;
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

/** Builds parcels as the cloud does, and copies the same readings bare, in one run. */
export async function measureParcels(
  directory: string,
  vehicles: number,
  framesADay: number,
): Promise<readonly ParcelFigures[]> {
  rmSync(directory, { recursive: true, force: true });
  for (const name of ['staging', 'outbox', 'returns']) mkdirSync(join(directory, name), { recursive: true });
  const numbers = registered(directory, vehicles);
  const zone = testZone(directory, 'personal');
  for (let first = 0; first < vehicles; first += 500)
    zone.insert(recordsOf(numbers.slice(first, first + 500), framesADay));
  const rows = vehicles * DAYS * framesADay * SIGNALS.length;
  const border = borderDirectory(directory);
  const copy = async () => {
    border.stageLines('copy', 'rows.ndjson', copyLines(zone.signals(0 as Instant, NOW)));
  };
  // Twice, of which the second counts: the first brings the files into memory.
  await copy();
  const copyRowsPerSecond = paceOf(rows, await spent(copy));
  zone.close();
  const figures: ParcelFigures[] = [];
  for (const kind of ['vehicle-day-statistics', 'aggregates'])
    for (const threads of [1, 2]) {
      const transferId = `${kind}-${threads}`;
      let built = 0;
      const took = await spent(async () => {
        built = await buildOnce(directory, threads, orderOf(kind, transferId));
      });
      const bytesPerRow = statSync(join(directory, 'staging', transferId, PARQUET_NAME)).size / built;
      const rowsPerSecond = paceOf(rows, took);
      figures.push({ name: kind, threads, rows, framesADay, rowsPerSecond, copyRowsPerSecond, bytesPerRow });
    }
  return figures;
}

/** In the thread and with the programs that the cloud builds with; its start is part of it. */
async function buildOnce(directory: string, threads: number, order: ParcelOrder): Promise<number> {
  const keys = join(directory, 'keys');
  const zones = { keys, vaults: keys, read: ['personal'] } as const;
  const key = new Uint8Array(32).fill(3);
  const builder = createParcelBuilder({ stores: directory, border: directory, key, zones, threads });
  const parcel = await builder.build({ grain: 'rows', withoutConsent: [], ...order });
  await builder.stop();
  if (!parcel.ok) throw new Error(parcel.fault.code);
  return parcel.value.rows;
}

/** Numbers of devices that the register gives. */
function registered(directory: string, vehicles: number): readonly number[] {
  const stores = openStores(directory, []);
  // Each with a key of its own: a key is what a device is known by.
  const devices = Array.from({ length: vehicles }, (_, number) => ({
    vin: vinOf(number),
    publicKey: testDevice(number).publicKeyPem,
  }));
  stores.register.add(devices);
  stores.close();
  return Array.from({ length: vehicles }, (_, number) => number + 1);
}

function orderOf(kind: string, transferId: string): ParcelOrder {
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
    transferId,
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

function recordsOf(vehicles: readonly number[], framesADay: number): readonly ZoneRecord[] {
  const records: ZoneRecord[] = [];
  for (const vehicle of vehicles) {
    const subjectTag = Buffer.alloc(16);
    subjectTag.writeUInt32LE(Math.imul(vehicle + 1, 0x9e3779b1) >>> 0, 0);
    subjectTag.writeUInt32LE(vehicle + 1, 8);
    for (let frame = 0; frame < DAYS * framesADay; frame += 1) {
      const day = Math.floor(frame / framesADay) + 1;
      const signals = SIGNALS.map((path, index) => ({
        path,
        value: Math.round(Math.sin(vehicle * 31 + frame * 7 + index) * 400_000) / 1_000,
      }));
      const content = {
        kind: 'signals' as const,
        subjectTag: subjectTag as Uint8Array as SubjectTag,
        observedAt: (NOW - (day + 10) * DAY_MS + (frame % framesADay) * 60_000) as Instant,
        signals,
      };
      records.push({ key: { deviceNumber: vehicle, epoch: 1, sequence: frame + 1 }, content });
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

/** Seconds by the clock, and of CPU, all threads: collecting garbage is part of the work. */
async function spent(work: () => Promise<void>): Promise<Pace> {
  const [start, began] = [process.cpuUsage(), performance.now()];
  await work();
  const { user, system } = process.cpuUsage(start);
  return { clock: (performance.now() - began) / 1_000, cpu: (user + system) / 1e6 };
}

const paceOf = (rows: number, { clock, cpu }: Pace): Pace => ({ clock: rows / clock, cpu: rows / cpu });
