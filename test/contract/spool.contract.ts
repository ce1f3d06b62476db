import { describe, expect, test } from 'vitest';
import type { SpooledBatch } from '../../edge/ports/spool.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { OneSpool } from '../support/edge/one-spool.ts';
import { append, appendAll, batchAt, heldRow, ROOMY, type SpoolLimits } from '../support/edge/spooled.ts';
import { describeHeldFrames } from './spool-held.contract.ts';

/** How a kind of spool is opened. */
export interface SpoolMaker {
  /** Somewhere no spool has been before. */
  readonly newPlace: () => string;
  /** Opens the spool of a place, new or old. The contract closes it before it opens the place again. */
  readonly open: (place: string, limits: SpoolLimits) => OneSpool;
}

const REJECT: SpoolLimits = { maxSize: 10_000, strategyOnFull: 'RejectNewData' };
const OVERWRITE: SpoolLimits = { maxSize: 10_000, strategyOnFull: 'OverwriteOldestData' };

/** Everything that waits, as plain values. */
function contentsOf(spool: OneSpool) {
  return spool.read(-1, 10_000).map(({ firstSequence, count, bytes }) => ({ firstSequence, count, bytes: [...bytes] }));
}

const plain = (batch: SpooledBatch) => ({ ...batch, bytes: [...batch.bytes] });
const later = (ms: number): Instant => ms as Instant;

/** What every spool must do. */
export function describeSpool(name: string, { newPlace, open }: SpoolMaker): void {
  describe(`Spool contract: ${name}`, () => {
    describeQueue(newPlace, open);
    describeBounds(newPlace, open);
    describeHeldFrames({ newPlace, open });
  });
}

type Open = SpoolMaker['open'];
type NewPlace = SpoolMaker['newPlace'];

function describeQueue(newPlace: NewPlace, open: Open): void {
  test('reads back what was appended, whole and in order, from any sequence, as many as asked for', () => {
    const spool = open(newPlace(), ROOMY);
    const batches = [1, 5, 2, 512].map((count, index) => {
      const batch = batchAt(spool.nextSequence(), count, 100 + index);
      expect(spool.append({ batch, released: [], told: [] })).toEqual({ ok: true, value: undefined });
      return batch;
    });
    expect(contentsOf(spool)).toEqual(batches.map(plain));
    expect(spool.read(-1, 2).map(plain)).toEqual(batches.slice(0, 2).map(plain));
    expect(spool.read(0, 2).map(plain)).toEqual(batches.slice(1, 3).map(plain));
    expect(spool.read(8, 10)).toEqual([]);
    expect(spool.nextSequence()).toBe(520);
    expect(spool.status()).toEqual({ framesWaiting: 520, framesHeld: 0, bytes: 100 + 101 + 102 + 103 });
    spool.close();
  });

  test('deletes nothing before it is acknowledged, however often it is read and opened', () => {
    const place = newPlace();
    let spool = open(place, ROOMY);
    appendAll(spool, 3);
    const before = contentsOf(spool);
    for (let restart = 0; restart < 3; restart += 1) {
      expect(contentsOf(spool)).toEqual(before);
      spool.close();
      spool = open(place, ROOMY);
    }
    expect(contentsOf(spool)).toEqual(before);
    expect(spool.acknowledge(0, 3)).toBe(3);
    expect(contentsOf(spool)).toEqual(before.slice(1));
    spool.close();
  });

  test('deletes on an acknowledgement that batch and no other, in any order, once', () => {
    const spool = open(newPlace(), ROOMY);
    appendAll(spool, 4);
    expect([spool.acknowledge(6, 3), spool.acknowledge(0, 3), spool.acknowledge(6, 3)]).toEqual([3, 3, 0]);
    expect(spool.read(-1, 10).map(({ firstSequence }) => firstSequence)).toEqual([3, 9]);
    expect(spool.status()).toEqual({ framesWaiting: 6, framesHeld: 0, bytes: 2_000 });
    spool.close();
  });

  test.each([
    ['a sequence that never was', 99, 3],
    ['a part of a batch, from its start', 3, 2],
    ['more than a batch', 3, 4],
    ['two batches in one range', 3, 6],
    ['the middle of a batch', 4, 1],
    ['the end of a batch', 4, 2],
    ['no frames', 3, 0],
    ['everything', 0, 9],
    ['a negative sequence', -3, 3],
    ['what is no number', Number.NaN, 3],
  ])('an acknowledgement of %s deletes nothing', (_, firstSequence, count) => {
    const spool = open(newPlace(), ROOMY);
    appendAll(spool, 3);
    const [contents, status] = [contentsOf(spool), spool.status()];
    expect(spool.acknowledge(firstSequence, count)).toBe(0);
    expect([contentsOf(spool), spool.status()]).toEqual([contents, status]);
    spool.close();
  });

  test('the sequence survives reopening, also when nothing is left', () => {
    const place = newPlace();
    const first = open(place, ROOMY);
    appendAll(first, 2);
    first.acknowledge(0, 3);
    first.acknowledge(3, 3);
    first.close();
    const second = open(place, ROOMY);
    expect([second.nextSequence(), second.status().framesWaiting]).toEqual([6, 0]);
    expect(append(second).ok).toBe(true);
    expect(second.read(-1, 9).map(({ firstSequence }) => firstSequence)).toEqual([6]);
    second.close();
  });

  test('the epoch is a number that stays with the spool and differs between fresh ones', () => {
    const place = newPlace();
    const first = open(place, ROOMY);
    const others = [1, 2, 3].map(() => {
      const other = open(newPlace(), ROOMY);
      other.close();
      return other.epoch;
    });
    first.close();
    const again = open(place, ROOMY);
    expect(again.epoch).toBe(first.epoch);
    expect(new Set([first.epoch, ...others]).size).toBe(4);
    for (const epoch of [first.epoch, ...others])
      expect(epoch > 0 && epoch < 2 ** 48 && Number.isSafeInteger(epoch)).toBe(true);
    again.close();
  });

  test('append is all or nothing: a sequence that is taken changes nothing, held rows and notices included', () => {
    const spool = open(newPlace(), ROOMY);
    appendAll(spool, 1);
    spool.hold([heldRow(1)]);
    const [contents, status] = [contentsOf(spool), spool.status()];
    const id = spool.due(later(9), 9)[0]?.id ?? Number.NaN;
    const again = spool.append({ batch: batchAt(0, 3, 500), released: [id], told: [] });
    expect(again).toMatchObject({ ok: false, fault: { code: 'SPOOL_UNAVAILABLE', retry: 'later' } });
    expect([contentsOf(spool), spool.status(), spool.nextSequence()]).toEqual([contents, status, 3]);
    expect(spool.due(later(9), 9)).toHaveLength(1);
    spool.close();
  });
}

function describeBounds(newPlace: NewPlace, open: Open): void {
  test('RejectNewData: what is full says so, keeps what it has, and takes more once there is room', () => {
    const spool = open(newPlace(), REJECT);
    appendAll(spool, 10);
    const before = contentsOf(spool);
    expect(append(spool)).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL', retry: 'later' } });
    expect(append(spool, 1, 8)).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    expect([contentsOf(spool), spool.dropNotices(), spool.nextSequence()]).toEqual([before, [], 30]);
    spool.acknowledge(3, 3);
    expect(append(spool).ok).toBe(true);
    expect(spool.status().bytes).toBe(10_000);
    spool.close();
  });

  test('OverwriteOldestData: the oldest go, as few as make room, and a notice says which', () => {
    const spool = open(newPlace(), OVERWRITE);
    appendAll(spool, 10);
    expect(spool.append({ batch: batchAt(30, 3, 1_500), released: [], told: [] }).ok).toBe(true);
    expect(spool.read(-1, 99).map(({ firstSequence }) => firstSequence)).toEqual([6, 9, 12, 15, 18, 21, 24, 27, 30]);
    expect(spool.dropNotices()).toEqual([{ firstSequence: 0, count: 6, cause: 'spool-full' }]);
    expect(spool.status()).toEqual({ framesWaiting: 27, framesHeld: 0, bytes: 9_500 });
    spool.close();
  });

  test('a batch that would never fit is refused, and nothing is overwritten for it', () => {
    const spool = open(newPlace(), OVERWRITE);
    appendAll(spool, 10);
    expect(append(spool, 3, 10_001)).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    expect([spool.status().framesWaiting, spool.dropNotices()]).toEqual([30, []]);
    spool.close();
  });

  test('a drop notice is kept, over reopening too, until a batch that tells it is stored', () => {
    const place = newPlace();
    const first = open(place, OVERWRITE);
    appendAll(first, 10);
    first.append({ batch: batchAt(30, 3, 1_000), released: [], told: [] });
    const notices = first.dropNotices();
    expect(notices).toEqual([{ firstSequence: 0, count: 3, cause: 'spool-full' }]);
    // The batch that would tell it is refused: it is still to be told.
    expect(first.append({ batch: batchAt(33, 1, 20_000), released: [], told: notices }).ok).toBe(false);
    expect(first.dropNotices()).toEqual(notices);
    first.close();
    const second = open(place, OVERWRITE);
    expect(second.dropNotices()).toEqual(notices);
    second.acknowledge(3, 3);
    expect(second.append({ batch: batchAt(33, 3, 1_000), released: [], told: notices }).ok).toBe(true);
    expect(second.dropNotices()).toEqual([]);
    second.close();
  });

  test('a notice that grew while its batch was stored is told again at its new length', () => {
    const spool = open(newPlace(), OVERWRITE);
    appendAll(spool, 10);
    spool.append({ batch: batchAt(30, 3, 1_000), released: [], told: [] });
    // Told as (0, 3), but storing the batch that tells it overwrites the next three.
    expect(append(spool).ok).toBe(true);
    expect(spool.dropNotices()).toEqual([{ firstSequence: 0, count: 6, cause: 'spool-full' }]);
    spool.close();
  });

  test('separate losses are separate notices, never more than a batch can hold, and every lost frame stays named', () => {
    const spool = open(newPlace(), OVERWRITE);
    const lost: number[] = [];
    for (let index = 0; index < 60; index += 1) {
      const first = spool.nextSequence();
      expect(spool.append({ batch: batchAt(first, 3, 4_000), released: [], told: [] }).ok).toBe(true);
      // Every second batch is delivered, so the losses between are no neighbours.
      if (index % 2 === 1) spool.acknowledge(first, 3);
      else lost.push(first);
    }
    const waiting = new Set(spool.read(-1, 99).map(({ firstSequence }) => firstSequence));
    const notices = spool.dropNotices();
    expect(notices.length).toBeLessThanOrEqual(16);
    for (const first of lost.filter((sequence) => !waiting.has(sequence))) {
      expect(
        notices.some(({ firstSequence, count }) => firstSequence <= first && first + 3 <= firstSequence + count),
      ).toBe(true);
    }
    spool.close();
  });

  test('never more bytes than allowed, whatever comes', () => {
    for (const limits of [REJECT, OVERWRITE]) {
      const spool = open(newPlace(), limits);
      for (let index = 0; index < 50; index += 1) {
        append(spool, 1, 8 + ((index * 7_919) % 4_000));
        expect(spool.status().bytes).toBeLessThanOrEqual(limits.maxSize);
        expect(contentsOf(spool).reduce((sum, { bytes }) => sum + bytes.length, 0)).toBe(spool.status().bytes);
      }
      spool.close();
    }
  });

  test('what lay in a larger spool stays when it is opened smaller; only new data wait', () => {
    const place = newPlace();
    const large = open(place, ROOMY);
    appendAll(large, 20);
    large.close();
    const small = open(place, REJECT);
    expect(small.status().framesWaiting).toBe(60);
    expect(append(small)).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    small.close();
  });
}
