import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogueRow, kindRow, SIGNAL_ROWS, UNKNOWN_ROW } from '../../cloud/catalogue/catalogue.ts';
import { recheckBatch } from '../../cloud/ingest/recheck-batch.ts';
import { createPartitioner, partition } from '../../cloud/partition/partition.ts';
import type { FrameContent, SignalReading } from '../../proto/codec/telemetry-codec.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import { batchOf, cellFrame, NOW, signalFrame, TAG, tripRow } from '../support/cloud/batches.ts';
import { testDevice } from '../support/cloud/devices.ts';
import { IMAGE, OBJECTS, POINTS, RINGS } from '../support/edge/candidates.ts';

const device = testDevice(1);

const branch = fc.stringMatching(/^[A-Z][A-Za-z0-9_]{0,11}$/);
const madeUp = fc.array(branch, { minLength: 1, maxLength: 6 }).map((names) => ['Vehicle', ...names].join('.'));
/** Names that stand beside those of the catalogue: a leaf more, a leaf less, a letter changed. */
const beside = fc
  .tuple(fc.constantFrom(...SIGNAL_ROWS), branch, fc.nat(2))
  .map(([{ path }, name, how]) =>
    how === 0 ? `${path}.${name}` : how === 1 ? path.slice(0, path.lastIndexOf('.')) : `${path}${name}`,
  );
const unknownPath = fc
  .oneof(madeUp, beside)
  .filter((path) => parseVssPath(path).ok && catalogueRow(path) === undefined);
const anyPath = fc.oneof(fc.constantFrom(...SIGNAL_ROWS.map(({ path }) => path)), unknownPath);
const value: fc.Arbitrary<SignalReading['value']> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.boolean(),
  fc.stringMatching(/^[A-Z][A-Z0-9_]{0,15}$/),
);
const reading = fc.record({ path: anyPath, value });
const signals = fc.array(reading, { minLength: 1, maxLength: 40 });
const frame: fc.Arbitrary<FrameContent> = fc.oneof(
  signals.map((list): FrameContent => ({ kind: 'signals', subjectTag: TAG, observedAt: NOW, signals: list })),
  fc.constant(cellFrame()),
  fc.constant(tripRow()),
  fc.constantFrom<FrameContent>(IMAGE, POINTS, RINGS, OBJECTS),
);

/** Readings of a frame as a bag, so that a lost or doubled one shows. */
const bagOf = (frames: readonly FrameContent[]): readonly string[] =>
  frames
    .flatMap((content) =>
      content.kind === 'signals' ? content.signals.map((one) => JSON.stringify(one)) : [content.kind],
    )
    .sort();

test('every reading of a frame lands in exactly one zone and term: none is lost and none doubled', () => {
  fc.assert(
    fc.property(frame, (whole) => {
      const parts = partition(whole);
      expect(bagOf(parts.map(({ content }) => content))).toEqual(bagOf([whole]));
      expect(new Set(parts.map(({ zone, retention }) => `${zone}/${retention}`)).size).toBe(parts.length);
      for (const { content } of parts)
        if (content.kind === 'signals') expect(content.signals.length).toBeGreaterThan(0);
    }),
    { numRuns: 2_000 },
  );
});

test('frames that are split one after the other are split as each would be alone', () => {
  const frames = fc.array(frame, { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(frames, fc.array(fc.nat(5), { maxLength: 12 }), (some, order) => {
      const split = createPartitioner();
      for (const at of order) {
        const whole = some[at % some.length] ?? cellFrame();
        expect(split(whole)).toEqual(partition(whole));
      }
    }),
    { numRuns: 500 },
  );
});

test('each part of a frame carries its tag and its time', () => {
  fc.assert(
    fc.property(signals, (list) => {
      const whole = { ...signalFrame(), signals: list };
      for (const { content } of partition(whole))
        expect(content).toMatchObject({ kind: 'signals', subjectTag: TAG, observedAt: NOW });
    }),
  );
});

test('a cell lies in the geographic zone only, and no other zone ever holds one', () => {
  fc.assert(
    fc.property(frame, (whole) => {
      for (const { zone, content } of partition(whole)) if (content.kind === 'cell') expect(zone).toBe('geographic');
    }),
  );
});

test('pictures and counts of objects lie in the zone `important`, point clouds in `geographic`, and none is exportable', () => {
  const zones = [IMAGE, POINTS, RINGS, OBJECTS].map((whole) => partition(whole).map(({ zone }) => zone));
  expect(zones).toEqual([['important'], ['geographic'], ['geographic'], ['important']]);
  expect([kindRow('image'), kindRow('points'), kindRow('objects')].some(({ exportable }) => exportable)).toBe(false);
});

test('a path that no row knows stays at home in the zone `important`, passes the recheck, and is never exportable', () => {
  fc.assert(
    fc.property(unknownPath, value, (path, held) => {
      // What has the form of somebody's number is refused before anybody asks for its zone.
      fc.pre(!carriesIdentifier(held));
      const whole = signalFrame({ [path]: held });
      expect(recheckBatch(batchOf([whole]), device.registered, NOW)).toBeUndefined();
      const { retention } = catalogueRow(path) ?? UNKNOWN_ROW;
      expect(partition(whole)).toEqual([{ zone: 'important', retention, content: whole }]);
      expect((catalogueRow(path) ?? UNKNOWN_ROW).exportable).toBe(false);
    }),
    { numRuns: 5_000 },
  );
});

test('a reading of an exportable row stands in a zone that may feed a dataset, and its value is a number or a flag', () => {
  fc.assert(
    fc.property(reading, (one) => {
      const whole = { ...signalFrame(), signals: [one] };
      const row = catalogueRow(one.path);
      if (row?.exportable !== true || recheckBatch(batchOf([whole]), device.registered, NOW) !== undefined) return;
      expect(partition(whole)[0]?.zone).toBe('personal');
      expect(typeof one.value).not.toBe('string');
    }),
    { numRuns: 2_000 },
  );
});
