import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';

import { expect } from 'vitest';
import type { FrameContent } from '../../../proto/codec/telemetry-codec.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { batchOf, cellFrame, NOW, seal, signalFrame, tripRow } from './batches.ts';
import type { Chance } from './chance.ts';
import type { TestDevice } from './devices.ts';
import type { StoredDelivery } from './ingest-child.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, type RecordRow, rowsIn, TOTALS, type TotalsRow } from './rows.ts';

/** A payload, and every row that has to be on disk once it was answered: `zone/device/epoch/sequence`. */
export interface Delivery {
  readonly stored: StoredDelivery;
  readonly rows: readonly string[];
  /** Frames of it that quarantine counts. */
  readonly quarantined: number;
}

const ZONE_NAMES = ['general', 'personal', 'geographic', 'important'] as const;
const EPOCH = 11;
const EPOCH_OF_LIARS = 12;

/** Traffic of a small fleet: batches that overlap, cells, rows, split frames, refused batches and noise. */
export function makeDeliveries(devices: readonly TestDevice[], count: number, chance: Chance): readonly Delivery[] {
  const next = new Map(devices.map((device) => [device, { honest: 0, lying: 0 }]));
  return Array.from({ length: count }, (_, index) => {
    const device = chance.of(devices);
    const at = next.get(device) ?? { honest: 0, lying: 0 };
    if (index % 17 === 16) return noise(device, index);
    const frames = 1 + chance.below(6);
    if (index % 13 === 12) {
      at.lying += frames;
      return refused(device, at.lying - frames, frames);
    }
    const from = Math.max(0, at.honest - chance.below(4));
    at.honest = from + frames;
    return honest(device, from, frames);
  });
}

function honest(device: TestDevice, from: number, count: number): Delivery {
  const sequences = Array.from({ length: count }, (_, at) => from + at);
  const payload = seal(batchOf(sequences.map(frameOf), { epoch: EPOCH, firstSequence: from }), device.key);
  const rows = sequences.flatMap((sequence) =>
    zonesOf(sequence).map((zone) => rowName(zone, device.registered.number, EPOCH, sequence)),
  );
  return { stored: stored(device, payload), rows, quarantined: 0 };
}

/** What stands under a sequence: the same each time it is sent. */
export function frameOf(sequence: number): FrameContent {
  if (sequence % 7 === 3) return cellFrame({ column: 90 + (sequence % 10) });
  if (sequence % 7 === 5) return tripRow({ distanceClass: sequence % 20 });
  const values = { 'Vehicle.Speed': sequence % 400 };
  return signalFrame(sequence % 11 === 0 ? { ...values, 'Vehicle.Cabin.Unknown': sequence } : values);
}

function zonesOf(sequence: number): readonly (typeof ZONE_NAMES)[number][] {
  if (sequence % 7 === 3) return ['geographic'];
  if (sequence % 7 === 5) return ['personal'];
  return sequence % 11 === 0 ? ['personal', 'important'] : ['personal'];
}

function refused(device: TestDevice, from: number, count: number): Delivery {
  const tomorrow = signalFrame(undefined, (NOW + 86_400_000) as Instant);
  const batch = batchOf(Array(count).fill(tomorrow), { epoch: EPOCH_OF_LIARS, firstSequence: from });
  return { stored: stored(device, seal(batch, device.key)), rows: [], quarantined: count };
}

function noise(device: TestDevice, index: number): Delivery {
  return { stored: stored(device, Buffer.from(`noise ${index}`)), rows: [], quarantined: 1 };
}

const stored = (device: TestDevice, payload: Uint8Array): StoredDelivery => ({
  device: device.registered.device,
  payload: Buffer.from(payload).toString('base64'),
});

const rowName = (zone: string, device: number, epoch: number, sequence: number): string =>
  `${zone}/${device}/${epoch}/${sequence}`;

export function writeDeliveries(file: string, deliveries: readonly Delivery[]): void {
  writeFileSync(file, JSON.stringify(deliveries.map((delivery) => delivery.stored)));
}

/** Names of all rows on disk, in every zone; read from a copy, so that recovery is left to whoever opens the files next. */
export function rowsOnDisk(directory: string): readonly string[] {
  return withCopy(directory, (copy) =>
    ZONE_NAMES.flatMap((zone) =>
      rowsIn<RecordRow>(copy, zone, RECORDS).map((row) => rowName(zone, row.device, row.epoch, row.sequence)),
    ),
  );
}

/** Everything that was answered is on disk, each frame in its own zones and in no other, and nothing twice. */
export function expectDurable(directory: string, deliveries: readonly Delivery[], answered: ReadonlySet<number>): void {
  const onDisk = rowsOnDisk(directory);
  const present = new Set(onDisk);
  expect(present.size).toBe(onDisk.length);
  const lost = [...answered].flatMap((index) => deliveries[index]?.rows ?? []).filter((row) => !present.has(row));
  expect(lost).toEqual([]);
  const known = new Set(deliveries.flatMap(({ rows }) => rows));
  expect(onDisk.filter((row) => !known.has(row))).toEqual([]);
  const payloads = new Set(quarantinedOnDisk(directory).map(({ payload }) => payload.toString('base64')));
  const gone = [...answered].filter((index) => {
    const delivery = deliveries[index];
    return delivery !== undefined && delivery.quarantined > 0 && !payloads.has(delivery.stored.payload);
  });
  expect(gone).toEqual([]);
}

/** After everything was answered: the rows are exactly those sent, and the totals are those of the rows. */
export function expectComplete(directory: string, deliveries: readonly Delivery[]): void {
  const expected = new Set(deliveries.flatMap(({ rows }) => rows));
  const onDisk = rowsOnDisk(directory);
  expect([...onDisk].sort()).toEqual([...expected].sort());
  // A split frame has a row in each of its zones and is one frame.
  const frames = new Set(onDisk.map((row) => row.slice(row.indexOf('/'))));
  const kept = quarantinedOnDisk(directory);
  const quarantined = kept.reduce((total, row) => total + row.frames, 0);
  expect(quarantined).toBe(deliveries.reduce((total, delivery) => total + delivery.quarantined, 0));
  const [totals] = withCopy(directory, (copy) => rowsIn<TotalsRow>(copy, 'ledger', TOTALS));
  expect(totals).toMatchObject({ admitted: frames.size, quarantined });
}

const quarantinedOnDisk = (directory: string): readonly QuarantineRow[] =>
  withCopy(directory, (copy) => rowsIn<QuarantineRow>(copy, 'quarantine', QUARANTINED));

function withCopy<T>(directory: string, read: (copy: string) => T): T {
  const copy = mkdtempSync(`${directory}-copy-`);
  try {
    cpSync(directory, copy, { recursive: true, filter: (name) => !name.endsWith('-shm') });
    return read(copy);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
}
