import { expect, test } from 'vitest';
import type { SealedFrame } from '../../edge/stages/inspect.ts';
import type { Instant } from '../../proto/words/time.ts';
import { SIGNALS, TRIP } from '../support/edge/candidates.ts';
import { append, BASIS, heldRow, ROOMY, type SpoolLimits } from '../support/edge/spooled.ts';
import type { SpoolMaker } from './spool.contract.ts';

const REJECT: SpoolLimits = { maxSize: 10_000, strategyOnFull: 'RejectNewData' };

const later = (ms: number): Instant => ms as Instant;

/** What every spool must do with frames that may not be batched yet. */
export function describeHeldFrames({ newPlace, open }: SpoolMaker): void {
  test('gives held frames from their time on, no sooner, the soonest first, as many as asked for', () => {
    const spool = open(newPlace(), ROOMY);
    expect(spool.hold([heldRow(300, 3), heldRow(100, 1), heldRow(200, 2)]).ok).toBe(true);
    const classes = (now: number, limit = 99) =>
      spool
        .due(later(now), limit)
        .map(({ frame }) => (frame.content.kind === 'trip' ? frame.content.distanceClass : -1));
    expect([classes(99), classes(100), classes(299), classes(300), classes(300, 2)]).toEqual([
      [],
      [1],
      [1, 2],
      [1, 2, 3],
      [1, 2],
    ]);
    expect(spool.due(later(100), 1)[0]?.frame).toEqual({
      ...{ content: { ...TRIP, distanceClass: 1 }, basis: BASIS, notBefore: 100 },
    });
    expect(spool.status().framesHeld).toBe(3);
    spool.close();
  });

  test('gives back signals as they were, tag and paths and values', () => {
    const spool = open(newPlace(), ROOMY);
    const frame = { content: SIGNALS, basis: BASIS, notBefore: later(5) } as unknown as SealedFrame;
    spool.hold([frame]);
    const content = spool.due(later(5), 1)[0]?.frame.content;
    if (content?.kind !== 'signals') throw new Error('no signals came back');
    expect({ ...content, subjectTag: Uint8Array.from(content.subjectTag) }).toEqual(SIGNALS);
    spool.close();
  });

  test('held frames survive reopening, and looking at them takes nothing', () => {
    const place = newPlace();
    let spool = open(place, ROOMY);
    spool.hold([heldRow(100), heldRow(200)]);
    for (let restart = 0; restart < 2; restart += 1) {
      expect(spool.due(later(999), 9)).toHaveLength(2);
      spool.close();
      spool = open(place, ROOMY);
    }
    expect([spool.due(later(999), 9).length, spool.status().framesHeld]).toEqual([2, 2]);
    spool.close();
  });

  test('a held frame goes with the batch that carries it, and stays when that batch is refused', () => {
    const place = newPlace();
    const spool = open(place, REJECT);
    spool.hold([heldRow(1, 1), heldRow(2, 2)]);
    const ids = spool.due(later(9), 9).map(({ id }) => id);
    expect(append(spool, 2, 20_000, ids).ok).toBe(false);
    expect(spool.status().framesHeld).toBe(2);
    expect(append(spool, 1, 100, ids.slice(0, 1)).ok).toBe(true);
    expect(spool.due(later(9), 9).map(({ id }) => id)).toEqual(ids.slice(1));
    expect([spool.status().framesHeld, spool.status().framesWaiting]).toEqual([1, 1]);
    spool.close();
  });

  test('held frames count against the size, and come off it when they leave', () => {
    const place = newPlace();
    const spool = open(place, REJECT);
    let held = 0;
    const many = Array.from({ length: 20 }, () => heldRow(1));
    while (held < 5_000 && spool.hold(many).ok) held += many.length;
    while (held < 5_000 && spool.hold([heldRow(1)]).ok) held += 1;
    expect(held).toBeGreaterThan(100);
    expect(held).toBeLessThan(2_000);
    expect(spool.hold([heldRow(1)])).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    expect(spool.status().bytes).toBeLessThanOrEqual(REJECT.maxSize);
    expect(append(spool, 1, 1_000)).toMatchObject({ ok: false, fault: { code: 'SPOOL_FULL' } });
    const { bytes } = spool.status();
    spool.close();
    const again = open(place, { ...REJECT, maxSize: 12_000 });
    expect(again.status()).toEqual({ framesWaiting: 0, framesHeld: held, bytes });
    expect(
      append(
        again,
        1,
        10,
        again.due(later(9), 10_000).map(({ id }) => id),
      ).ok,
    ).toBe(true);
    expect(again.status()).toEqual({ framesWaiting: 1, framesHeld: 0, bytes: 10 });
    again.close();
  });
}
