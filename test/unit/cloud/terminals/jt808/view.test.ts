import { describe, expect, test } from 'vitest';
import type { JtFrame } from '../../../../../cloud/terminals/jt808/frame.ts';
import { createJtStream } from '../../../../../cloud/terminals/jt808/stream.ts';
import { decodeJt, encodeJt, type JtView, viewOfJt } from '../../../../../cloud/terminals/jt808/view.ts';
import { mutated, seeded } from '../../../../support/cloud/seeded-bytes.ts';
import { unlikeExpected } from '../../../../support/cloud/terminal-expected.ts';
import { areSamplesThere, jtSamples } from '../../../../support/cloud/terminal-samples.ts';

function bytesOf(view: JtView): Buffer {
  const bytes = encodeJt(view);
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

function decoded(bytes: Buffer, older?: 2011): JtView {
  const view = decodeJt(bytes, older);
  if (!view.ok) throw new Error(view.fault.code);
  return view.value;
}

/** Length 0: it is made from the body. */
const head = { phone: '013900000001', serial: 0x7e7d, properties: 0, checksum: 'good', length: 'good' } as const;
const place = {
  alarm: 0,
  status: 0x23,
  latitude: 32.164592,
  longitude: 119.548952,
  elevation: 12,
  speed: 36.5,
  direction: 90,
};
const LOCATION: JtView = {
  ...head,
  protocol: 'jt808-2013',
  message: 'location',
  body: {
    ...place,
    at: '2026-11-22T09:30:05+08:00',
    extras: [
      { extra: 'mileage', value: 125.5 },
      { extra: 'overspeed', areaType: 1, areaId: 9 },
      { extra: 0xe1, octets: { hex: '7e7d' } },
    ],
  },
};

describe('JT/T 808', () => {
  test('what was written is read again, flags and escapes in the middle included', () => {
    const { properties: _, ...read } = decoded(bytesOf(LOCATION));
    const { properties: __, ...written } = LOCATION;
    expect(read).toEqual(written);
    expect(bytesOf(LOCATION).subarray(1, -1).includes(0x7e)).toBe(false);
  });

  test('a registration of 2011 is read as one where the caller says which edition it is', () => {
    const body = {
      province: 31,
      city: 115,
      maker: 'TG',
      model: 'M1',
      terminalId: '7654321',
      plateColour: 1,
      plate: '测A88888',
    };
    const bytes = bytesOf({ ...head, protocol: 'jt808-2011', message: 'registration', body });
    expect(decoded(bytes, 2011).body).toEqual(body);
    expect(decoded(bytes).fault).toBe('TERMINAL_LAYOUT');
  });

  test('a body that does not fit its row stays octets', () => {
    const view = decoded(
      bytesOf({ ...head, protocol: 'jt808-2013', message: 'upgrade-result', body: { raw: { hex: '010203' } } }),
    );
    expect(view).toMatchObject({ body: { raw: { hex: '010203' } }, fault: 'TERMINAL_LAYOUT' });
  });

  test('a part stays octets until its message is put together', () => {
    const view: JtView = {
      ...head,
      properties: 0x2000,
      protocol: 'jt808-2013',
      message: 'media',
      part: { total: 3, index: 2 },
      body: { raw: { hex: 'ffd8' } },
    };
    expect(decoded(bytesOf(view))).toMatchObject({ part: { total: 3, index: 2 }, body: { raw: { hex: 'ffd8' } } });
  });

  test.each([...bytesOf(LOCATION).keys()])('a stream split after byte %i gives the same two frames', (cut) => {
    const got: JtFrame[] = [];
    const both = Buffer.concat([bytesOf(LOCATION), bytesOf(LOCATION)]);
    const stream = createJtStream({ frame: (frame) => got.push(frame), fault: () => expect.unreachable() });
    stream.push(both.subarray(0, cut));
    stream.push(both.subarray(cut));
    expect(got.map((frame) => viewOfJt(frame))).toEqual([decoded(bytesOf(LOCATION)), decoded(bytesOf(LOCATION))]);
    expect(stream.held()).toBe(0);
  });

  test('a frame without an end is given up at its limit, and the next is read', () => {
    const faults: string[] = [];
    let frames = 0;
    const stream = createJtStream({ frame: () => (frames += 1), fault: (code) => faults.push(code) });
    stream.push(Buffer.from([0x7e]));
    for (let turn = 0; turn < 50; turn += 1) stream.push(Buffer.alloc(1_000, 1));
    expect(stream.held()).toBeLessThanOrEqual(2_200);
    stream.push(bytesOf(LOCATION));
    expect([frames, faults]).toEqual([1, ['TERMINAL_TOO_LONG']]);
  });
});

/** Messages of other standards, which stay octets: JT/T 1078 (video) and T/JSATL 12 (driver assistance). */
const OF_OTHERS = /^(?:1003|1005|1205|1206|121[01]|91|92|93)/;
/** Fields read by the standard and not as the sample has them, or not there in the edition; docs/terminals.md says why. */
const OTHERWISE: Readonly<Record<string, readonly string[]>> = {
  '0104': ['parameters'],
  '8103': ['parameters'],
  '0200': ['attributes'],
  '0705': ['dateTime'],
  '0900': ['message'],
  '8300': ['type'],
  '8500': ['param', 'type'],
};

const hasPlainItems = (expected: object | undefined): boolean =>
  expected !== undefined && 'attributes' in expected && Object.keys(expected.attributes as object).includes('1');

const EXTRAS = [
  { extra: 'mileage', value: 1.1 },
  { extra: 'fuel', value: 2.2 },
  { extra: 'recorderSpeed', value: 3.3 },
  { extra: 'alarmEvent', value: 44 },
  { extra: 'tyrePressures', value: { hex: '373737'.padEnd(60, '0') } },
  { extra: 'carriageTemperature', value: 2 },
  { extra: 'overspeed', areaType: 66, areaId: 66 },
  { extra: 'areaCrossing', areaType: 77, areaId: 77, direction: 77 },
  { extra: 'routeTime', routeId: 88, driveTime: 88, result: 88 },
  { extra: 'signals', value: 99 },
  { extra: 'inputs', value: 10 },
  { extra: 'analogues', value: 20 },
  { extra: 'signalStrength', value: 30 },
  { extra: 'satellites', value: 40 },
];

describe('the samples', () => {
  test.skipIf(!areSamplesThere)(
    `checksum and length are good exactly where they say so, and each is written again byte for byte (needs ../shared/data)`,
    () => {
      let refused = 0;
      for (const { hex, checksum_ok, len_ok } of jtSamples()) {
        const bytes = Buffer.from(hex, 'hex');
        const view = decodeJt(bytes);
        if (!view.ok) {
          // A flag in the middle ends a frame, and a message without a header is none.
          expect(bytes.subarray(1, -1).includes(0x7e) || bytes.length < 18).toBe(true);
          refused += 1;
          continue;
        }
        expect([view.value.checksum === 'good', view.value.length === 'good']).toEqual([checksum_ok, len_ok]);
        expect(bytesOf(view.value)).toEqual(bytes);
      }
      expect(refused).toBe(13);
    },
  );

  test.skipIf(!areSamplesThere)(
    `each field they expect of JT/T 808 is read under its name (needs ../shared/data)`,
    () => {
      let read = 0;
      for (const { hex, expected, msg_id = '', ver2019 } of jtSamples()) {
        if (expected === undefined || OF_OTHERS.test(msg_id)) continue;
        const others = OTHERWISE[msg_id] ?? [];
        const unlike = unlikeExpected(expected, decoded(Buffer.from(hex, 'hex')).body).filter(
          (at) => !others.includes(at),
        );
        expect([msg_id, ver2019, unlike]).toEqual([msg_id, ver2019, []]);
        read += 1;
      }
      expect(read).toBeGreaterThanOrEqual(90);
    },
  );

  test.skipIf(!areSamplesThere)(`a position and its additional items are read whole (needs ../shared/data)`, () => {
    const plain = jtSamples().filter(({ msg_id, expected }) => msg_id === '0200' && hasPlainItems(expected));
    expect(plain.map(({ ver2019 }) => ver2019)).toEqual([false, true]);
    for (const { hex } of plain)
      expect(decoded(Buffer.from(hex, 'hex')).body).toEqual({
        alarm: 1024,
        status: 2048,
        latitude: 116.307629,
        longitude: 40.058359,
        elevation: 312,
        speed: 0.3,
        direction: 99,
        at: '2020-07-07T19:23:59+08:00',
        extras: EXTRAS,
      });
  });

  test.skipIf(!areSamplesThere)(
    `4,000 spoilt frames neither throw nor hold memory, and each bad one has a cause (needs ../shared/data)`,
    () => {
      const draw = seeded(808);
      const frames = jtSamples().map(({ hex }) => Buffer.from(hex, 'hex'));
      const causes = new Map<string, number>();
      const unlike: string[] = [];
      for (let turn = 0; turn < 4_000; turn += 1) {
        const bytes = mutated(frames[draw(frames.length)] ?? Buffer.alloc(0), draw);
        const view = decodeJt(bytes);
        const cause = view.ok
          ? view.value.checksum === 'good'
            ? (view.value.fault ?? 'good')
            : 'TERMINAL_CHECKSUM'
          : view.fault.code;
        causes.set(cause, (causes.get(cause) ?? 0) + 1);
        if (!view.ok) continue;
        const again = encodeJt(view.value);
        if (!again.ok || !again.value.equals(bytes)) unlike.push(bytes.toString('hex'));
      }
      expect(unlike).toEqual([]);
      expect([...causes.keys()].sort()).toEqual(
        expect.arrayContaining(['TERMINAL_CHECKSUM', 'TERMINAL_ESCAPE', 'TERMINAL_START', 'TERMINAL_TRUNCATED']),
      );
    },
  );
});
