import { describe, expect, test } from 'vitest';
import type { GbFrame } from '../../../../../cloud/terminals/gb32960/frame.ts';
import { createGbStream } from '../../../../../cloud/terminals/gb32960/stream.ts';
import { decodeGb, encodeGb, viewOfGb } from '../../../../../cloud/terminals/gb32960/view.ts';
import type { Fields, Value } from '../../../../../cloud/terminals/value.ts';
import { mutated, seeded } from '../../../../support/cloud/seeded-bytes.ts';
import { areSamplesThere, gbSamples, gbStream } from '../../../../support/cloud/terminal-samples.ts';

const VIN = 'LTGTEST0000000001';
const AT = '2026-11-22T09:30:05+08:00';

const viewOf = (protocol: 'gb32960-2016' | 'gb32960-2025', command: string, body: Fields) =>
  ({ protocol, command, answer: 'command', vin: VIN, encryption: 'none', checksum: 'good', body }) as const;

function bytesOf(view: Parameters<typeof encodeGb>[0]): Buffer {
  const bytes = encodeGb(view);
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

function decoded(bytes: Buffer) {
  const view = decodeGb(bytes);
  if (!view.ok) throw new Error(view.fault.code);
  return view.value;
}

const itemsOf = (body: Fields): readonly Value[] => (Array.isArray(body['items']) ? body['items'] : []);

const SIGNATURE = { item: 'signature', algorithm: 'sm2', r: { hex: '01'.repeat(32) }, s: { hex: '02'.repeat(32) } };
const POSITION_2025 = { item: 'position', status: 0, datum: 'GCJ-02', longitude: 119.548952, latitude: 32.164592 };
const MOTOR_2025 = {
  number: 1,
  status: 'consuming',
  controllerTemperature: 20,
  speed: -31_000,
  torque: 1_500.5,
  temperature: 30,
};

const MADE = [
  viewOf('gb32960-2016', 'realtime', {
    at: AT,
    items: [
      { item: 'position', status: 1, longitude: 0, latitude: 0 },
      { item: 'engine', status: { mark: 'invalid' }, crankshaftSpeed: { mark: 'abnormal' }, consumption: 12.5 },
      { item: 'temperatures', packs: [{ number: 1, probes: { mark: 'invalid' } }] },
    ],
  }),
  viewOf('gb32960-2025', 'realtime', {
    at: AT,
    items: [POSITION_2025, { item: 'motor', motors: [MOTOR_2025] }, SIGNATURE],
  }),
  viewOf('gb32960-2025', 'login', {
    at: AT,
    serial: 7,
    iccid: '8'.repeat(20),
    packsOfSystems: [2],
    packCodes: ['A'.repeat(24), 'B'.repeat(24)],
  }),
  viewOf('gb32960-2016', 'platform-login', {
    at: AT,
    serial: 1,
    user: 'u'.repeat(12),
    password: 'p'.repeat(20),
    encryption: 'none',
  }),
  { ...viewOf('gb32960-2016', 'time-sync', { at: AT }), answer: 'ok' },
];

describe('GB/T 32960', () => {
  test.each(MADE)('what was written is read again: $protocol $command', (view) => {
    expect(decoded(bytesOf(view))).toEqual(view);
  });

  test('a mark is never a number', () => {
    const [view] = MADE;
    const text = JSON.stringify(view === undefined ? undefined : itemsOf(decoded(bytesOf(view)).body));
    expect(text).not.toMatch(/65535|65534|255/);
    const tooHigh = viewOf('gb32960-2016', 'realtime', {
      at: AT,
      items: [{ item: 'engine', status: 'on', crankshaftSpeed: 65_535, consumption: 0 }],
    });
    expect(encodeGb(tooHigh)).toEqual({ ok: false, fault: { code: 'TERMINAL_VALUE' } });
  });

  test('an item whose layout is not certain stays octets with all after it, and what was before it is read', () => {
    const head = bytesOf(
      viewOf('gb32960-2025', 'realtime', {
        at: AT,
        items: [POSITION_2025, { item: 'unread', octets: { hex: '30010203' } }],
      }),
    );
    expect(itemsOf(decoded(head).body)).toEqual([POSITION_2025, { item: 'unread', octets: { hex: '30010203' } }]);
    expect(decoded(head).fault).toBeUndefined();
  });

  test('an encrypted unit stays octets, and says so', () => {
    const view = { ...viewOf('gb32960-2025', 'realtime', { raw: { hex: '00112233' } }), encryption: 'sm4' };
    expect(decoded(bytesOf(view))).toEqual({ ...view, fault: 'TERMINAL_ENCRYPTED' });
  });

  test('a bad checksum is said, kept and written again', () => {
    const bytes = Buffer.from(bytesOf(viewOf('gb32960-2016', 'heartbeat', {})));
    bytes[bytes.length - 1] = 0x5a;
    const view = decoded(bytes);
    expect(view.checksum).toEqual({ bad: 0x5a });
    expect(bytesOf(view)).toEqual(bytes);
  });
});

/** What the samples state, in our names and units; docs/terminals.md has where they differ. */
const LOGIN_EXPECTED = {
  at: '2018-06-05T11:44:29+08:00',
  serial: 1,
  iccid: '83605337981605490187',
  packCount: 2,
  codeLength: 5,
  packCodes: ['10001', '10002'],
};
const MOTOR = {
  number: 1,
  status: 'consuming',
  controllerTemperature: 20,
  speed: 5_000,
  torque: 1_500,
  temperature: 20,
};
const REPORT_EXPECTED = [
  {
    item: 'vehicle',
    status: 'on',
    chargingStatus: 'none',
    mode: 'electric',
    speed: 5,
    mileage: 57.3,
    voltage: 700,
    current: 500,
    soc: 50,
    dcdc: 'on',
    gear: 62,
    insulation: 4637,
    accelerator: 0,
    brake: 'applied',
  },
  { item: 'motor', motors: [{ ...MOTOR, controllerVoltage: 12, controllerCurrent: 500 }] },
  { item: 'position', status: 0, longitude: 120.009633, latitude: 30.344348 },
  {
    item: 'extreme',
    ...{
      voltageMaxPack: 1,
      voltageMaxCell: 17,
      voltageMax: 1.6,
      voltageMinPack: 1,
      voltageMinCell: 2,
      voltageMin: 1.28,
    },
    ...{ temperatureMaxPack: 1, temperatureMaxProbe: 1, temperatureMax: 40 },
    ...{ temperatureMinPack: 1, temperatureMinProbe: 5, temperatureMin: 24 },
  },
  { item: 'alarm', level: 0, flags: 0, batteryFaults: [], motorFaults: [], engineFaults: [], otherFaults: [] },
  {
    item: 'voltages',
    packs: [
      {
        ...{ number: 1, voltage: 700, current: 500, cellCount: 17, firstCell: 1 },
        cells: [1.6, 1.28, ...Array.from({ length: 15 }, () => 1.6)],
      },
    ],
  },
  { item: 'temperatures', packs: [{ number: 1, probes: [40, 24, 24, 24, 24] }] },
];

describe('real frames', () => {
  test.skipIf(!areSamplesThere)(
    `the samples say what is expected of them, and are written again byte for byte (needs ../shared/data)`,
    () => {
      for (const { hex, bcc_ok } of gbSamples()) {
        const bytes = Buffer.from(hex, 'hex');
        const view = decoded(bytes);
        expect(view.checksum === 'good').toBe(bcc_ok);
        expect(view.fault).toBeUndefined();
        expect(bytesOf(view)).toEqual(bytes);
      }
      const [login, , report] = gbSamples().map(({ hex }) => decoded(Buffer.from(hex, 'hex')).body);
      expect(login).toEqual(LOGIN_EXPECTED);
      expect(itemsOf(report ?? {}).slice(0, 7)).toEqual(REPORT_EXPECTED);
    },
  );

  test.skipIf(!areSamplesThere)(`an answer of ours is the one the samples expect (needs ../shared/data)`, () => {
    const answers = gbSamples().flatMap(({ hex, expected }) =>
      typeof expected?.['resBuf'] === 'string' && !expected['resBuf'].startsWith('/')
        ? [[hex, expected['resBuf']] as const]
        : [],
    );
    expect(answers.length).toBe(3);
    for (const [hex, answer] of answers) {
      const { body, ...head } = decoded(Buffer.from(hex, 'hex'));
      const at = body['at'] === undefined ? {} : { at: body['at'] };
      expect(bytesOf({ ...head, answer: 'ok', body: at }).toString('hex')).toBe(answer);
    }
  });

  test.skipIf(!areSamplesThere)(
    `246 frames of one car are read whole, split at every byte and merged into one (needs ../shared/data)`,
    () => {
      const frames = gbStream();
      expect(frames.length).toBe(246);
      for (const frame of frames) expect(bytesOf(decoded(frame))).toEqual(frame);
      const all = Buffer.concat(frames);
      for (const size of [1, 7, 1_460, all.length]) expect(seen(all, size)).toEqual({ frames: 246, faults: [] });
    },
  );

  test.skipIf(!areSamplesThere)(
    `4,000 spoilt frames neither throw nor hold memory, and each bad one has a cause (needs ../shared/data)`,
    () => {
      const draw = seeded(32_960);
      const frames = [...gbSamples().map(({ hex }) => Buffer.from(hex, 'hex')), ...gbStream().slice(0, 8)];
      const causes = new Map<string, number>();
      const unlike: string[] = [];
      for (let turn = 0; turn < 4_000; turn += 1) {
        const bytes = mutated(frames[draw(frames.length)] ?? Buffer.alloc(0), draw);
        const view = decodeGb(bytes);
        const cause = view.ok
          ? (view.value.fault ?? (view.value.checksum === 'good' ? 'good' : 'TERMINAL_CHECKSUM'))
          : view.fault.code;
        causes.set(cause, (causes.get(cause) ?? 0) + 1);
        if (!view.ok) continue;
        const again = encodeGb(view.value);
        if (!again.ok || !again.value.equals(bytes)) unlike.push(bytes.toString('hex'));
      }
      expect(unlike).toEqual([]);
      expect([...causes.keys()].sort()).toEqual(
        expect.arrayContaining(['TERMINAL_CHECKSUM', 'TERMINAL_LENGTH', 'TERMINAL_START', 'TERMINAL_TRUNCATED']),
      );
    },
  );
});

function seen(bytes: Buffer, size: number): { readonly frames: number; readonly faults: readonly string[] } {
  let frames = 0;
  const faults: string[] = [];
  const stream = createGbStream({ frame: () => (frames += 1), fault: (code) => faults.push(code) });
  for (let at = 0; at < bytes.length; at += size) stream.push(bytes.subarray(at, at + size));
  return { frames, faults };
}

describe('a stream', () => {
  const one = bytesOf(viewOf('gb32960-2016', 'heartbeat', {}));

  test.each([...one.keys()])('split after byte %i gives the same two frames', (cut) => {
    const got: GbFrame[] = [];
    const both = Buffer.concat([one, one]);
    const stream = createGbStream({ frame: (frame) => got.push(frame), fault: () => expect.unreachable() });
    stream.push(both.subarray(0, cut));
    stream.push(both.subarray(cut));
    expect(got.map(viewOfGb)).toEqual([decoded(one), decoded(one)]);
    expect(stream.held()).toBe(0);
  });

  test('what begins no frame is passed over and counted once', () => {
    expect(seen(Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), one]), 3)).toEqual({
      frames: 1,
      faults: ['TERMINAL_START'],
    });
  });
});
