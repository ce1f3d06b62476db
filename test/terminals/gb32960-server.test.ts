import { describe, expect, test } from 'vitest';
import { decodeGb, encodeGb, type GbView } from '../../cloud/terminals/gb32960/view.ts';
import type { Fields } from '../../cloud/terminals/value.ts';
import { NOW } from '../support/cloud/batches.ts';
import { registerTerminal } from '../support/cloud/terminal-run.ts';
import { readingsIn, serveScratch, zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const ICCID = '89860000000000000001';
const VIN = testVin(1);
const OTHER = testVin(2);
const AT = '2026-03-01T11:59:50+08:00';

function frameOf(command: string, body: Fields, more: Partial<GbView> = {}): Buffer {
  const head = { protocol: 'gb32960-2016', command, answer: 'command', vin: VIN, encryption: 'none' } as const;
  const bytes = encodeGb({ ...head, checksum: 'good', body, ...more });
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

const login = (more: Partial<GbView> = {}, iccid = ICCID, serial = 1): Buffer => {
  const packs = { packCount: 0, codeLength: 0, packCodes: [] };
  return frameOf('login', { at: AT, serial, iccid, ...packs }, more);
};
const POSITION = { item: 'position', status: 0, longitude: 119.548952, latitude: 32.164592 };
const realtime = (more: Partial<GbView> = {}, at = AT): Buffer => frameOf('realtime', { at, items: [POSITION] }, more);
const logout = (serial = 1): Buffer => frameOf('logout', { at: AT, serial });

const DATED_ANSWER_BYTES = 31;
const EMPTY_ANSWER_BYTES = 25;

function answersIn(bytes: Buffer): readonly (readonly [string | number, string | number])[] {
  const answers: (readonly [string | number, string | number])[] = [];
  for (let at = 0; at < bytes.length; ) {
    const length = EMPTY_ANSWER_BYTES + bytes.readUInt16BE(at + 22);
    const view = decodeGb(bytes.subarray(at, at + length));
    if (!view.ok) throw new Error(view.fault.code);
    answers.push([view.value.command, view.value.answer]);
    at += length;
  }
  return answers;
}

const serve = () => serveScratch([VIN, OTHER], ICCID);

describe('a terminal of GB/T 32960', () => {
  test('logs in, reports, beats, asks the time and logs out, and is answered each time', async () => {
    const { dial, terminals, directory, close } = await serve();
    const terminal = dial();
    for (const frame of [login(), realtime(), frameOf('heartbeat', {}), frameOf('time-sync', {}), logout()])
      terminal.send(frame);
    await terminal.answered(4 * DATED_ANSWER_BYTES + EMPTY_ANSWER_BYTES);
    const answers = answersIn(terminal.answers());
    expect([...answers].sort()).toEqual(
      ['heartbeat', 'login', 'logout', 'realtime', 'time-sync'].map((command) => [command, 'ok']),
    );
    expect(terminals.status().frames).toEqual({ stored: 3, heartbeat: 1, 'time-sync': 1 });
    await close();
    const { geographic, personal, important } = zonesOf(directory);
    expect(readingsIn(geographic?.records ?? []).slice(0, 99)).toContainEqual({
      path: 'gb32960.position.latitude',
      value: 32.164592,
    });
    expect(readingsIn(personal?.records ?? []).map(({ path }) => path)).toEqual(
      expect.arrayContaining(['gb32960.header.login-serial']),
    );
    expect(readingsIn(important?.records ?? [])).toEqual([{ path: 'gb32960.header.iccid', value: ICCID }]);
  });

  test('every split of two frames gives the same answers', async () => {
    const { dial, terminals } = await serve();
    const terminal = dial();
    terminal.send(login());
    await terminal.answered(DATED_ANSWER_BYTES);
    const both = Buffer.concat([realtime(), frameOf('heartbeat', {})]);
    let expected = DATED_ANSWER_BYTES;
    for (let cut = 1; cut < both.length; cut += 1) {
      terminal.send(both.subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      terminal.send(both.subarray(cut));
      expected += DATED_ANSWER_BYTES + EMPTY_ANSWER_BYTES;
      await terminal.answered(expected);
    }
    expect(new Set(answersIn(terminal.answers()).map(([, answer]) => answer))).toEqual(new Set(['ok']));
    expect(terminals.status().frames.heartbeat).toBe(both.length - 1);
  });

  test('a reissue of what was stored is answered and stored once', async () => {
    const { dial, stores } = await serve();
    const terminal = dial();
    for (const frame of [login(), realtime(), realtime(), realtime({ command: 'reissue' })]) terminal.send(frame);
    await terminal.answered(4 * DATED_ANSWER_BYTES);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 2, duplicates: 2 });
  });

  test.each([
    ['data before login', [realtime()], [['realtime', 'error']], { 'refused-not-logged-in': 1 }],
    ['a bad checksum', [login({ checksum: { bad: 0 } })], [['login', 'error']], { 'refused-checksum': 1 }],
    [
      'an encrypted unit of 2025',
      [login({ protocol: 'gb32960-2025', encryption: 'sm4', body: { raw: { hex: '00' } } })],
      [['login', 'decryption-failed']],
      { 'refused-encrypted': 1 },
    ],
    [
      'bytes of another protocol',
      [Buffer.from('GET / HTTP/1.1'), frameOf('time-sync', {})],
      [['time-sync', 'ok']],
      {
        'refused-start': 1,
        'time-sync': 1,
      },
    ],
    [
      'the logout of another login',
      [login(), logout(9)],
      [
        ['login', 'ok'],
        ['logout', 'error'],
      ],
      { stored: 1, 'refused-serial': 1 },
    ],
  ])('%s is counted by its cause and answered so', async (_, sent, answers, counts) => {
    const { dial, terminals } = await serve();
    const terminal = dial();
    for (const frame of sent) terminal.send(frame);
    await terminal.answered(answers.length * EMPTY_ANSWER_BYTES);
    await expect.poll(() => terminals.status().frames).toEqual(counts);
    expect([...answersIn(terminal.answers())].sort()).toEqual(answers);
  });

  test('a frame that names another vehicle lies in quarantine, and raises an alert', async () => {
    const { dial, alerts, directory, close, stores } = await serve();
    const terminal = dial();
    terminal.send(login());
    terminal.send(realtime({ vin: OTHER }));
    await terminal.answered(2 * DATED_ANSWER_BYTES);
    expect(answersIn(terminal.answers())).toContainEqual(['realtime', 'error']);
    expect(alerts).toEqual(['TERMINAL_VIN_MISMATCH']);
    expect(stores.ledger.totals().framesAdmitted).toBe(1);
    await close();
    expect(zonesOf(directory)['quarantine']?.payloads).toEqual([
      { reason: 'TERMINAL_VIN_MISMATCH', payload: realtime({ vin: OTHER }) },
    ]);
  });

  test.each([
    ['an unknown vehicle', () => login({ vin: testVin(3) })],
    ['another card', () => login({}, '89860000000000000002')],
  ])('the login of %s is refused with an alert, and its connection ends', async (_, frame) => {
    const { dial, alerts, terminals } = await serve();
    const terminal = dial();
    terminal.send(frame());
    await terminal.ended;
    expect(answersIn(terminal.answers())).toEqual([['login', 'error']]);
    expect(alerts).toEqual(['TERMINAL_UNBOUND']);
    expect(terminals.status()).toMatchObject({ loggedIn: 0, frames: { 'refused-unbound': 1 } });
  });

  test('a terminal from another network is refused', async () => {
    const { dial, stores } = await serve();
    registerTerminal(stores, VIN, ICCID, ['10.0.0.0/8']);
    const terminal = dial();
    terminal.send(login());
    await terminal.ended;
    expect(answersIn(terminal.answers())).toEqual([['login', 'error']]);
  });

  test('a second login of a vehicle is a duplicate, until the first has been silent', async () => {
    const { dial, setClock, terminals } = await serve();
    const first = dial();
    first.send(login());
    await first.answered(DATED_ANSWER_BYTES);
    const second = dial();
    second.send(login());
    await second.answered(DATED_ANSWER_BYTES);
    expect(answersIn(second.answers())).toEqual([['login', 'vin-duplicate']]);
    setClock(NOW + 61_000);
    second.send(login());
    await second.answered(2 * DATED_ANSWER_BYTES);
    expect(answersIn(second.answers())[1]).toEqual(['login', 'ok']);
    await first.ended;
    expect(terminals.status().loggedIn).toBe(1);
  });

  test('without a custodian whose qualification stands nothing is taken in, and a revoked terminal is cut off', async () => {
    const { dial, setClock, alerts, terminals, stores } = await serve();
    const terminal = dial();
    terminal.send(login());
    await terminal.answered(DATED_ANSWER_BYTES);
    setClock(Date.UTC(2028, 0, 2));
    terminal.send(realtime());
    await terminal.answered(2 * DATED_ANSWER_BYTES);
    expect(answersIn(terminal.answers())[1]).toEqual(['realtime', 'error']);
    expect(stores.ledger.totals().framesAdmitted).toBe(1);
    expect(alerts).toEqual(['TERMINALS_WITHOUT_CUSTODIAN']);
    terminals.cutOff(() => false);
    await terminal.ended;
  });

  test('a time in the future and content of no layout lie in quarantine', async () => {
    const { dial, directory, close } = await serve();
    const terminal = dial();
    const future = realtime({}, '2026-03-01T13:00:00+08:00');
    const spoilt = frameOf('realtime', { raw: { hex: '1a0301' } });
    for (const frame of [login(), future, spoilt]) terminal.send(frame);
    await terminal.answered(2 * DATED_ANSWER_BYTES + EMPTY_ANSWER_BYTES);
    await close();
    expect(
      zonesOf(directory)
        ['quarantine']?.payloads.map(({ reason }) => reason)
        .sort(),
    ).toEqual(['TERMINAL_LAYOUT', 'TIME_IN_FUTURE']);
  });
});
