import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { TERMINAL_CODEC } from '../../bin/commands/sim-codec.ts';
import { argon2Passwords } from '../../cloud/adapters/argon2-passwords.ts';
import { platformLogin, platformLogout } from '../../cloud/forwarding/platform-frames.ts';
import { terminalCode } from '../../cloud/partition/recipient-tag.ts';
import { decodeGb, encodeGb } from '../../cloud/terminals/gb32960/view.ts';
import { platformCode } from '../../cloud/terminals/ingress/binding.ts';
import { runPlatform } from '../../firmware-sim/terminals/platform-run.ts';
import { planTerminal } from '../../firmware-sim/terminals/terminal-plan.ts';
import type { Instant } from '../../proto/words/time.ts';
import { NOW } from '../support/cloud/batches.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { PSEUDONYM_KEY, vinFrom } from '../support/cloud/terminal-run.ts';
import { readingsIn, serveScratch, zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const ID = 'ENTERPRISE0000001';
const USER = 'example';
const PASSWORD = 'correct-horse';
const OWN = testVin(1);
const LISTED = testVin(2);
const ELSEWHERE = testVin(3);
const AT = '2026-03-01T11:59:50+08:00';
const ANSWER_BYTES = 31;
const ACCOUNT = { edition: 2016, platform: ID, user: USER, password: PASSWORD } as const;

let hash: Promise<string> | undefined;

async function hashFile(): Promise<string> {
  hash ??= argon2Passwords({ memoryKib: 8, passes: 1 }).hash(PASSWORD);
  const file = join(scratchDirectory(), 'platform.hash');
  writeFileSync(file, await hash);
  return file;
}

/** A port with one platform, a vehicle that speaks for itself, one of the platform, and one of another platform. */
async function serve(sources = ['127.0.0.0/8'], vins: readonly string[] = [LISTED]) {
  const platforms = [{ id: ID, user: USER, passwordHashFile: await hashFile(), sources }];
  const run = await serveScratch([OWN], '8'.repeat(20), { platforms });
  const list = (vin: string, id: string) => ({
    ...{ protocol: 'gb32960' as const, name: vin, vin: vinFrom(vin), sources: [] },
    ...{ device: Buffer.from(vin.slice(-8)).toString('hex').padEnd(32, '1') },
    code: terminalCode(PSEUDONYM_KEY, platformCode(id)),
  });
  run.stores.register.addTerminals([...vins.map((vin) => list(vin, ID)), list(ELSEWHERE, 'ENTERPRISE0000002')]);
  return run;
}

const login = (change: object = {}): Buffer => platformLogin({ ...ACCOUNT, ...change }, 1, NOW);

function realtime(vin: string): Buffer {
  const position = { item: 'position', status: 0, longitude: 119.548952, latitude: 32.164592 };
  const head = { protocol: 'gb32960-2016', command: 'realtime', answer: 'command', vin, encryption: 'none' } as const;
  const bytes = encodeGb({ ...head, checksum: 'good', body: { at: AT, items: [position] } });
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

function answersIn(bytes: Buffer): readonly string[] {
  const answers: string[] = [];
  for (let at = 0; at + ANSWER_BYTES <= bytes.length; at += ANSWER_BYTES) {
    const view = decodeGb(bytes.subarray(at, at + ANSWER_BYTES));
    answers.push(view.ok ? `${view.value.command} ${view.value.answer}` : view.fault.code);
  }
  return answers;
}

describe('an enterprise platform', () => {
  test('logs in, sends for a vehicle of its own, which need not log in, and logs out', async () => {
    const { dial, directory, close, terminals } = await serve();
    const line = dial();
    line.send(login());
    await line.answered(ANSWER_BYTES);
    line.send(realtime(LISTED));
    await line.answered(2 * ANSWER_BYTES);
    line.send(platformLogout(ACCOUNT, 1, NOW));
    await line.answered(3 * ANSWER_BYTES);
    line.send(realtime(LISTED));
    await line.answered(4 * ANSWER_BYTES);
    expect(answersIn(line.answers())).toEqual([
      ...['platform-login ok', 'realtime ok', 'platform-logout ok', 'realtime error'],
    ]);
    expect(terminals.status().frames).toEqual({
      ...{ 'platform-login': 1, 'platform-logout': 1, stored: 1, 'refused-not-logged-in': 1 },
    });
    await close();
    const { geographic, quarantine } = zonesOf(directory);
    expect(readingsIn(geographic?.records ?? [])).toContainEqual({
      path: 'gb32960.position.latitude',
      value: 32.164592,
    });
    expect(quarantine?.payloads).toEqual([]);
  });

  test.each([
    ['one that speaks for itself', OWN],
    ['one of another platform', ELSEWHERE],
    ['one that nobody registered', testVin(9)],
  ])('a vehicle that is not on its list, %s, lies in quarantine with an alert', async (_, vin) => {
    const { dial, alerts, directory, close, stores } = await serve();
    const line = dial();
    line.send(login());
    await line.answered(ANSWER_BYTES);
    line.send(realtime(vin));
    await line.answered(2 * ANSWER_BYTES);
    expect(answersIn(line.answers())[1]).toBe('realtime error');
    expect(alerts).toEqual(['TERMINAL_PLATFORM_VEHICLE']);
    expect(stores.ledger.totals().framesAdmitted).toBe(0);
    await close();
    expect(zonesOf(directory)['quarantine']?.payloads.map(({ reason }) => reason)).toEqual([
      'TERMINAL_PLATFORM_VEHICLE',
    ]);
  });

  test('a vehicle of a platform cannot log in by itself, whatever card it names', async () => {
    const { dial } = await serve();
    const terminal = dial();
    const head = { protocol: 'gb32960-2016', command: 'login', answer: 'command', vin: LISTED } as const;
    const packs = { packCount: 0, codeLength: 0, packCodes: [] };
    const bytes = encodeGb({
      ...{ ...head, encryption: 'none', checksum: 'good' },
      body: { at: AT, serial: 1, iccid: platformCode(ID).slice(0, 20), ...packs },
    });
    terminal.send(bytes.ok ? bytes.value : Buffer.alloc(0));
    await terminal.ended;
    expect(answersIn(terminal.answers())).toEqual(['login error']);
  });

  test.each([
    ['another password', { password: 'correct-hors' }, undefined],
    ['another account', { user: 'exampl' }, undefined],
    ['an unknown platform', { platform: 'ENTERPRISE0000009' }, undefined],
    ['another network', {}, ['10.0.0.0/8']],
  ])('with %s is refused with an alert, without its password as evidence', async (_, change, sources) => {
    const { dial, alerts, directory, close, terminals } = await serve(sources);
    const line = dial();
    line.send(login(change));
    await line.ended;
    expect(answersIn(line.answers())).toEqual(['platform-login error']);
    expect(alerts).toEqual(['TERMINAL_UNBOUND']);
    expect(terminals.status()).toMatchObject({ loggedIn: 0, frames: { 'refused-platform': 1 } });
    await close();
    const [kept] = zonesOf(directory)['quarantine']?.payloads ?? [];
    expect(kept?.payload.includes('correct')).toBe(false);
    expect(kept?.payload.length).toBe(login().length);
  });

  test('after five wrong passwords the right one is not looked at either, until ten minutes are over', async () => {
    const { dial, setClock } = await serve();
    const attempt = async (password: string): Promise<string | undefined> => {
      const line = dial();
      line.send(login({ password }));
      await line.answered(ANSWER_BYTES);
      line.end();
      return answersIn(line.answers())[0];
    };
    for (let tries = 0; tries < 5; tries += 1) expect(await attempt('wrong')).toBe('platform-login error');
    expect(await attempt(PASSWORD)).toBe('platform-login error');
    setClock(NOW + 600_001);
    expect(await attempt(PASSWORD)).toBe('platform-login ok');
  });

  test('a second connection of the same platform is a duplicate', async () => {
    const { dial } = await serve();
    const [first, second] = [dial(), dial()];
    first.send(login());
    await first.answered(ANSWER_BYTES);
    second.send(login());
    await second.answered(ANSWER_BYTES);
    expect(answersIn(second.answers())).toEqual(['platform-login vin-duplicate']);
  });

  test('of the simulator drives its vehicles over one connection, each report once', async () => {
    const vins = [1, 2, 3].map((ordinal) => planTerminal('test', ordinal).vin);
    const { terminals, directory, close } = await serve(undefined, vins);
    let now = NOW - 600_000;
    const clock = {
      now: () => {
        now += 1_000;
        return now as Instant;
      },
    };
    const port = terminals.status().port;
    const order = { ...{ vehicles: 3, seed: 'test', host: '127.0.0.1', everyMs: 5, reports: 4, connectRate: 1 }, port };
    const io = { clock, codec: TERMINAL_CODEC, stopRequested: new Promise<void>(() => undefined) };
    const platform = { edition: 2025, id: ID, user: USER, password: PASSWORD } as const;
    const summary = await runPlatform(
      platform,
      { ...order, protocol: 'gb32960-2025' },
      { ...io, onProgress: () => undefined },
    );
    expect(summary).toEqual({
      ...{ terminals: 3, connected: 1, loggedIn: 3, sent: 12, acknowledged: 12, refused: 0, unanswered: 0, broken: 0 },
    });
    await close();
    const geographic = readingsIn(zonesOf(directory)['geographic']?.records ?? []);
    expect(geographic.filter(({ path }) => path === 'gb32960.position.latitude').length).toBe(12);
  });
});
