import { describe, expect, test } from 'vitest';
import type { Fields } from '../../cloud/terminals/value.ts';
import { NOW } from '../support/cloud/batches.ts';
import {
  batchBody,
  briefAnswers,
  is2019,
  jtBytes,
  jtParts,
  PLATE,
  REGISTRATION,
  SAMPLE_POSITION,
  TERMINAL_ID,
} from '../support/cloud/jt-messages.ts';
import { registerJtTerminal, TCP } from '../support/cloud/jt-run.ts';
import { serveJt } from '../support/cloud/jt-terminal.ts';
import { readingsIn, zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const VIN = testVin(1);
const serve = () => serveJt(VIN);

const at = (second: number, more: Fields = {}): Fields => ({
  ...SAMPLE_POSITION,
  at: `2026-03-01T11:58:${String(second).padStart(2, '0')}+08:00`,
  ...more,
});

describe('a terminal of JT/T 808', () => {
  test('registers, shows its code, reports, beats and deregisters, and is answered each time', async () => {
    const { dial, terminals, directory, close } = await serve();
    const terminal = dial();
    await terminal.enter();
    for (const [index, message] of ['location', 'heartbeat', 'server-time-query'].entries())
      terminal.send(jtBytes(message, message === 'location' ? SAMPLE_POSITION : {}, 3 + index));
    await terminal.answered(5);
    terminal.send(jtBytes('deregistration', {}, 6));
    const answers = await terminal.answered(6);
    expect(answers[0]?.body).toMatchObject({ result: 0, answeredSerial: 1 });
    expect(briefAnswers(answers.slice(1)).sort()).toEqual([
      ['platform-answer', 2, 0],
      ['platform-answer', 3, 0],
      ['platform-answer', 4, 0],
      ['platform-answer', 6, 0],
      ['server-time', undefined, undefined],
    ]);
    expect(answers.find(({ message }) => message === 'server-time')?.body).toEqual({ at: '2026-03-01T12:00:00+08:00' });
    expect(terminals.status()).toMatchObject({
      ...{ loggedIn: 0, registered: 1 },
      frames: { registered: 1, authenticated: 1, stored: 1, heartbeat: 1, 'time-sync': 1, deregistered: 1 },
    });
    await close();
    const { geographic, personal, important, quarantine } = zonesOf(directory);
    expect(readingsIn(geographic?.records ?? [])).toContainEqual({ path: 'jt808.latitude', value: 32.164592 });
    expect(readingsIn(personal?.records ?? [])).toContainEqual({ path: 'jt808.mileage', value: 125.5 });
    expect(readingsIn(important?.records ?? [])).toEqual([
      { path: 'jt808.terminal-id', value: TERMINAL_ID },
      { path: 'jt808.plate', value: PLATE },
    ]);
    expect(quarantine?.payloads).toEqual([]);
  });

  test('of 2019 gives IMEI and software version with its code, and a code that was shown is not given anew', async () => {
    const { dial, directory, close, stores } = await serve();
    const terminal = dial();
    const model = { maker: 'TG', model: 'M1', terminalId: TERMINAL_ID };
    const registration = { ...REGISTRATION, ...model };
    terminal.send(jtBytes('registration', registration, 1, is2019));
    const [lost] = await terminal.answered(1);
    // The answer was lost: the terminal asks again, and the first code is void.
    terminal.send(jtBytes('registration', registration, 2, is2019));
    const [, registered] = await terminal.answered(2);
    const code = String(registered?.body['code']);
    expect(lost?.body['code']).not.toBe(code);
    const version = { imei: '860000000000001', softwareVersion: 'V1.2' };
    terminal.send(jtBytes('authentication', { code, ...version }, 3, is2019));
    await terminal.answered(3);
    terminal.send(jtBytes('registration', registration, 4, is2019));
    const answers = await terminal.answered(4);
    expect(briefAnswers(answers)).toEqual([
      ['registration-answer', 1, 0],
      ['registration-answer', 2, 0],
      ['platform-answer', 3, 0],
      ['registration-answer', 4, 3],
    ]);
    registerJtTerminal(stores, VIN, { again: true });
    terminal.send(jtBytes('registration', registration, 5, is2019));
    expect(briefAnswers(await terminal.answered(5))[4]).toEqual(['registration-answer', 5, 0]);
    await close();
    const readings = Object.values(zonesOf(directory)).flatMap(({ records }) => readingsIn(records));
    expect(readings).toContainEqual({ path: 'jt808.imei', value: '860000000000001' });
    expect(readings).toContainEqual({ path: 'jt808.software-version', value: 'V1.2' });
    expect(JSON.stringify(readings)).not.toContain(code);
  });

  test('every split of two messages gives the same answers', async () => {
    const { dial, terminals } = await serve();
    const terminal = dial();
    await terminal.enter();
    const both = Buffer.concat([jtBytes('location', SAMPLE_POSITION, 3), jtBytes('heartbeat', {}, 4)]);
    for (let cut = 1; cut < both.length; cut += 1) {
      terminal.send(both.subarray(0, cut));
      await new Promise((resolve) => setImmediate(resolve));
      terminal.send(both.subarray(cut));
      await terminal.answered(2 + 2 * cut);
    }
    expect(new Set(briefAnswers(terminal.answers()).map(([, , result]) => result))).toEqual(new Set([0]));
    expect(terminals.status().frames.heartbeat).toBe(both.length - 1);
  });

  test('a position sent again, alone or in a batch, is answered and stored once', async () => {
    const { dial, stores } = await serve();
    const terminal = dial();
    await terminal.enter();
    const before = stores.ledger.totals().framesAdmitted;
    terminal.send(jtBytes('location', SAMPLE_POSITION, 3));
    terminal.send(jtBytes('location', SAMPLE_POSITION, 3));
    const positions = [at(1), SAMPLE_POSITION, at(2), at(1)];
    terminal.send(jtBytes('positions', { total: 4, type: 1, positions }, 4));
    expect(briefAnswers(await terminal.answered(5)).slice(2)).toEqual(
      [3, 3, 4].map((serial) => ['platform-answer', serial, 0]),
    );
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: before + 3, duplicates: 3 });
  });

  test('a message without a time of its own that is sent again is stored once', async () => {
    const { dial, stores, setClock } = await serve();
    const terminal = dial();
    await terminal.enter();
    const before = stores.ledger.totals().framesAdmitted;
    const event = jtBytes('media-event', { id: 7, type: 0, format: 0, event: 1, channel: 1 }, 9);
    terminal.send(event);
    await terminal.answered(3);
    setClock(NOW + 400_000);
    terminal.send(event);
    await terminal.answered(4);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: before + 1, duplicates: 1 });
  });

  test('of a batch each position counts for itself', async () => {
    const { dial, directory, close, terminals } = await serve();
    const terminal = dial();
    await terminal.enter();
    const positions = [at(1), at(2, { at: { hex: '000000000000' } }), { hex: '00ff' }, at(3)];
    terminal.send(jtBytes('positions', { total: 4, type: 1, positions }, 4));
    terminal.send(jtBytes('location', at(0, { speed: 1, at: { hex: '000000000000' } }), 5));
    terminal.send(jtBytes('location', at(0, { at: '2026-03-02T11:58:00+08:00' }), 6));
    const answers = await terminal.answered(5);
    expect(briefAnswers(answers).slice(2)).toEqual([
      ['platform-answer', 4, 0],
      ['platform-answer', 5, 2],
      ['platform-answer', 6, 2],
    ]);
    expect(terminals.status().frames).toMatchObject({ stored: 1, quarantined: 2 });
    await close();
    const { geographic, quarantine } = zonesOf(directory);
    const times = readingsIn(geographic?.records ?? []).filter(({ path }) => path === 'jt808.time');
    expect(times.map(({ value }) => value)).toEqual([1, 3].map((second) => at(second)['at']));
    expect(quarantine?.payloads.map(({ reason }) => reason).sort()).toEqual([
      'TERMINAL_LAYOUT',
      'TERMINAL_LAYOUT',
      'TERMINAL_LAYOUT',
      'TIME_IN_FUTURE',
    ]);
  });

  test('a batch in parts is answered part by part once it is whole and durable', async () => {
    const { dial, stores } = await serve();
    const terminal = dial();
    await terminal.enter();
    const before = stores.ledger.totals().framesAdmitted;
    const positions = Array.from({ length: 20 }, (_, one) => at(one));
    const parts = jtParts(0x0704, batchBody(positions), 10, { partBytes: 300 });
    for (const part of [...parts].reverse()) terminal.send(part);
    const answers = await terminal.answered(2 + parts.length);
    expect(briefAnswers(answers).slice(2)).toEqual(parts.map((_, index) => ['platform-answer', 10 + index, 0]));
    expect(stores.ledger.totals().framesAdmitted).toBe(before + 20);
    terminal.send(parts[0] ?? Buffer.alloc(0));
    expect(await terminal.answered(2 + 2 * parts.length)).toHaveLength(2 + 2 * parts.length);
    expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: before + 20, duplicates: 0 });
  });
});

describe('what is wrong in itself', () => {
  test.each([
    ['a bad checksum is not answered', { checksum: { bad: 0 } }, 'refused-checksum', []],
    ['an encrypted body is', { properties: 0x0400 }, 'refused-encrypted', [['platform-answer', 9, 3]]],
    ['a message that no table knows is', { message: 0x0f01 }, 'refused-command', [['platform-answer', 9, 3]]],
    ['an answer to us is not', { message: 0x0005 }, 'passed-answer', []],
  ])('%s, and counted by its cause', async (_, more, outcome, answers) => {
    const { dial, terminals } = await serveJt(VIN, TCP);
    const terminal = dial();
    await terminal.enter();
    terminal.send(jtBytes('heartbeat', { raw: { hex: '00' } }, 9, more));
    terminal.send(jtBytes('heartbeat', {}, 10));
    const all = briefAnswers(await terminal.answered(3 + answers.length)).slice(2);
    expect(all).toEqual([...answers, ['platform-answer', 10, 0]]);
    expect(terminals.status().frames).toMatchObject({ [outcome]: 1 });
  });

  test('bytes of another language, a frame without end and parts that contradict are counted, and the next is read', async () => {
    const { dial, terminals } = await serve();
    const terminal = dial();
    terminal.send(Buffer.from('GET / HTTP/1.1\r\n\r\n'));
    await terminal.enter();
    terminal.send(Buffer.concat([Buffer.from([0x7e]), Buffer.alloc(5_000, 1), Buffer.from([0x7e])]));
    const [part = Buffer.alloc(0)] = jtParts(0x0704, Buffer.alloc(10), 3);
    const hostile = Buffer.from(part);
    hostile.writeUInt16BE(9, 15);
    hostile[hostile.length - 2] = hostile.subarray(1, -2).reduce((sum, byte) => sum ^ byte, 0);
    terminal.send(hostile);
    terminal.send(jtBytes('heartbeat', {}, 4));
    await terminal.answered(3);
    expect(terminals.status().frames).toMatchObject({
      ...{ 'refused-start': 1, 'refused-too-long': 1, 'lost-parts': 1, heartbeat: 1 },
    });
  });
});
