import { expect, test } from 'vitest';
import { BLOCK_BYTES_MAX } from '../../../../../cloud/capture/segment.ts';
import { createTally } from '../../../../../cloud/capture/tally.ts';
import { createRecorder } from '../../../../../cloud/exporter/capture/recorder.ts';
import type { SegmentsWriter } from '../../../../../cloud/exporter/capture/segment-writer.ts';
import type { Instant } from '../../../../../proto/words/time.ts';

const tally = () => createTally({ initiator: 'own', isV4: true, number: 1 });

function recorderOver(write: SegmentsWriter['write'], lateMs = 1_000, now: () => number = () => 1_000) {
  const faults: string[] = [];
  const recorder = createRecorder({
    segments: { write, finish: async () => [] },
    tally: tally(),
    clock: { now: () => now() as Instant },
    lateMs,
    onFault: ({ code }) => faults.push(code),
  });
  return { recorder, faults };
}

test('nothing counts as recorded before its write is through, and what came meanwhile shares the next one', async () => {
  const writes: number[] = [];
  let release = (): void => undefined;
  const { recorder } = recorderOver((events) => {
    writes.push(events.length);
    return new Promise((resolve) => {
      release = resolve;
    });
  });
  const done: string[] = [];
  const note = (name: string) => () => done.push(name);
  const first = recorder.record('open').then(note('first'));
  const others = [
    recorder.record('sent', Buffer.from('a')).then(note('second')),
    recorder.record('sent').then(note('third')),
  ];
  await new Promise((resolve) => setImmediate(resolve));
  expect({ writes, done, recorded: recorder.tally().packetsSent }).toEqual({ writes: [1], done: [], recorded: 0 });
  release();
  await first;
  await new Promise((resolve) => setImmediate(resolve));
  expect({ writes, done }).toEqual({ writes: [1, 2], done: ['first'] });
  release();
  await Promise.all(others);
  expect(recorder.tally().bytesSent).toBe(1);
});

/** Writes that a test ends, in the order in which they were begun. */
function heldWrites() {
  const begun: { readonly end: () => void; readonly fail: () => void }[] = [];
  const write: SegmentsWriter['write'] = () =>
    new Promise((end, reject) => {
      begun.push({ end, fail: () => reject(Object.assign(new Error('full'), { code: 'ENOSPC' })) });
    });
  return { begun, write };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));
const MANY = Buffer.alloc(BLOCK_BYTES_MAX / 2);

test('a full block is sealed while the disk is at the one before, one at a time, and counts only after it', async () => {
  const { begun, write } = heldWrites();
  const { recorder } = recorderOver(write);
  const done: string[] = [];
  const record = (name: string) => void recorder.record('sent', MANY).then(({ ok }) => done.push(`${name} ${ok}`));
  for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) record(name);
  expect(begun).toHaveLength(2);
  begun[1]?.end();
  await turn();
  expect(done, 'the second is on the disk, the first may not be').toEqual([]);
  begun[0]?.end();
  await turn();
  expect(done[0]).toBe('a true');
  expect(recorder.tally().bytesSent).toBeGreaterThan(0);
});

test('when a block fails, one that came through after it counts for nothing, and nothing more is written', async () => {
  const { begun, write } = heldWrites();
  const { recorder, faults } = recorderOver(write);
  const results = ['a', 'b', 'c'].map(() => recorder.record('sent', MANY));
  expect(begun).toHaveLength(2);
  begun[1]?.end();
  begun[0]?.fail();
  expect((await Promise.all(results)).map(({ ok }) => ok)).toEqual([false, false, false]);
  expect({ faults, writes: begun.length, counted: recorder.tally().bytesSent }).toEqual({
    ...{ faults: ['CAPTURE_UNWRITABLE'], writes: 2, counted: 0 },
  });
});

test.each([
  ['a disk that is full', Object.assign(new Error('full'), { code: 'ENOSPC' }), 'CAPTURE_UNWRITABLE'],
  ['room that is used up', Object.assign(new Error('room'), { code: 'CAPTURE_FULL' }), 'CAPTURE_FULL'],
  ['whatever is thrown', new Error('a bug'), 'CAPTURE_UNWRITABLE'],
])('%s fails what waits, tells it once, and records nothing afterwards', async (_, cause, code) => {
  let writes = 0;
  const { recorder, faults } = recorderOver(async () => {
    writes += 1;
    throw cause;
  });
  const results = await Promise.all([recorder.record('open'), recorder.record('sent', Buffer.from('a'))]);
  expect(results.map((result) => !result.ok && result.fault.code)).toEqual([code, code]);
  expect(await recorder.record('sent', Buffer.from('b'))).toMatchObject({ ok: false, fault: { code } });
  expect({ writes, faults }).toEqual({ writes: 1, faults: [code] });
});

test('a write that is late is a fault at once, though it may come through in the end', async () => {
  let release = (): void => undefined;
  const written = new Promise<void>((resolve) => {
    release = resolve;
  });
  const { recorder, faults } = recorderOver(() => written, 10);
  const recording = recorder.record('open');
  expect(await recorder.settle()).toBe(false);
  expect(faults).toEqual(['CAPTURE_LATE']);
  release();
  expect(await recording).toMatchObject({ ok: false, fault: { code: 'CAPTURE_LATE' } });
});

test('a clock that is set back does not put an answer before its question', async () => {
  const times = [5_000, 3_000, 6_000];
  const seen: number[] = [];
  const write: SegmentsWriter['write'] = async (events) => {
    seen.push(...events.map(({ at }) => at));
  };
  const { recorder } = recorderOver(write, 1_000, () => times.shift() ?? 0);
  for (const kind of ['open', 'sent', 'received'] as const) await recorder.record(kind);
  expect(seen).toEqual([5_000, 5_000, 6_000]);
});
