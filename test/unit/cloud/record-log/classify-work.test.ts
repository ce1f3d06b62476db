import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { fileZoneKeys } from '../../../../cloud/adapters/file-zone-keys.ts';
import type { LogRecord } from '../../../../cloud/ports/record-log.ts';
import { decodeBooks } from '../../../../cloud/record-log/books-record.ts';
import { createSegmentSealer, SEGMENT_BYTES_MAX } from '../../../../cloud/record-log/carried-keys.ts';
import { createClassifyWork } from '../../../../cloud/record-log/classify-work.ts';
import { encodeRaw } from '../../../../cloud/record-log/raw-record.ts';
import { topicsOf } from '../../../../cloud/record-log/topics.ts';
import {
  markAmongWorkers,
  openAmongWorkers,
  openForWorkers,
  sealAmongWorkers,
  sealForWorkers,
} from '../../../../cloud/record-log/transit.ts';
import { decodeSegment } from '../../../../cloud/record-log/zone-record.ts';
import { speedsOf } from '../../../support/cloud/arrivals.ts';
import { NOW, seal, signalFrame } from '../../../support/cloud/batches.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { storeKeys } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const clock = { now: () => NOW };
const topics = topicsOf('t');

function zoneKeys() {
  const directory = scratchDirectory();
  storeKeys(directory);
  return fileZoneKeys(join(directory, 'keys'), []);
}

/** A worker, and what it makes of payloads of one vehicle. */
function worker(oneByOne: boolean) {
  const device = testDevice(1);
  const { privateKey, publicKey } = generateKeyPairSync('x25519');
  const sealing = { clock, random: randomBytes };
  const keys = zoneKeys();
  let looks = 0;
  const find = () => {
    looks += 1;
    return device.registered;
  };
  const work = createClassifyWork({
    topics,
    register: { find },
    raw: openForWorkers(privateKey, topics.raw),
    books: sealAmongWorkers(privateKey, topics.books, sealing),
    quarantine: sealAmongWorkers(privateKey, topics.quarantine, sealing),
    segments: (zone) => createSegmentSealer(zone, { ...sealing, keys }),
    mark: (zone) => markAmongWorkers(privateKey, topics.zone(zone)),
    oneByOne,
  });
  const sealer = sealForWorkers(publicKey, topics.raw, sealing);
  const recordOf = ([from, to]: readonly [number, number], offset: number): LogRecord => {
    const payload = seal(speedsOf(from, to), device.key);
    const raw = encodeRaw({ device: device.registered.device, deviceNumber: 1, receivedAt: NOW, payload });
    return { topic: topics.raw, partition: 0, offset, key: '1', value: sealer.seal(raw) };
  };
  const books = openAmongWorkers(privateKey, topics.books);
  const mark = markAmongWorkers(privateKey, topics.zone('personal'));
  return async (ranges: readonly (readonly [number, number])[]) => {
    const out = await work.work(ranges.map(recordOf), () => false);
    const of = (topic: string) => out.filter((one) => one.topic === topic).map(({ value }) => value);
    return {
      looks,
      segments: of(topics.zone('personal')).map((value) => {
        const { head } = decodeSegment(mark.check(value) ?? Buffer.alloc(0));
        return [head.first, head.last, head.count];
      }),
      counts: of(topics.books).map((value) => decodeBooks(books.open(value) ?? Buffer.alloc(0)).counts),
    };
  };
}

describe('payloads of one vehicle in one transaction', () => {
  const RANGES = [
    [0, 2],
    [2, 5],
    [1, 4],
  ] as const;
  const counts = [{ framesAdmitted: 5, duplicates: 3, framesDroppedByVehicles: 0 }];

  test('are one segment, and what came twice is in it once', async () => {
    expect(await worker(false)(RANGES)).toEqual({ looks: 1, segments: [[0, 4, 5]], counts });
  });

  test('are a segment each where a zone lies beyond the transaction', async () => {
    const segments = [
      [0, 1, 2],
      [2, 4, 3],
    ];
    expect(await worker(true)(RANGES)).toEqual({ looks: 1, segments, counts });
  });
});

test('a segment that would be too long for a message is several, in order', () => {
  const sealer = createSegmentSealer('personal', { clock, random: randomBytes, keys: zoneKeys() });
  const values = Object.fromEntries(Array.from({ length: 16 }, (_, at) => [`Vehicle.P${at}`, 'x'.repeat(32)]));
  const content = signalFrame(values);
  const records = Array.from({ length: 1_000 }, (_, sequence) => ({
    key: { deviceNumber: 1, epoch: 1, sequence },
    receivedAt: NOW,
    content,
  }));
  const segments = sealer(records);
  expect(segments.map(({ head }) => [head.first, head.last])).toEqual([
    [0, 499],
    [500, 999],
  ]);
  expect(Math.max(...segments.map(({ sealed }) => sealed.length))).toBeLessThanOrEqual(SEGMENT_BYTES_MAX);
});
