import { createCipheriv } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { decodeGb, encodeGb, type GbView } from '../../cloud/terminals/gb32960/view.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';
import { readingsIn, serveScratch, zonesOf } from '../support/cloud/terminal-zones.ts';
import { testVin } from '../support/cloud/vins.ts';

const VIN = testVin(1);
const ICCID = '89860000000000000001';
const AT = '2026-03-01T11:59:50+08:00';
const KEY = Buffer.alloc(16, 5);
const DATED_ANSWER_BYTES = 31;
const EMPTY_ANSWER_BYTES = 25;

function frameOf(command: string, body: GbView['body'], more: Partial<GbView> = {}): Buffer {
  const head = { protocol: 'gb32960-2025', command, answer: 'command', vin: VIN, encryption: 'none' } as const;
  const bytes = encodeGb({ ...head, checksum: 'good', body, ...more });
  if (!bytes.ok) throw new Error(bytes.fault.code);
  return bytes.value;
}

/** The same frame with its unit under SM4. */
function sealed(frame: Buffer, key = KEY): Buffer {
  const cipher = createCipheriv('sm4-ecb', key, null);
  const unit = Buffer.concat([cipher.update(frame.subarray(24, -1)), cipher.final()]);
  const view = decodeGb(frame);
  const command = view.ok ? String(view.value.command) : '';
  return frameOf(command, { raw: { hex: unit.toString('hex') } }, { encryption: 'sm4' });
}

const LOGIN = frameOf('login', { at: AT, serial: 1, iccid: ICCID, packsOfSystems: [], packCodes: [] });
const POSITION = { item: 'position', status: 0, datum: 'GCJ-02', longitude: 119.548952, latitude: 32.164592 };
const REPORT = frameOf('realtime', { at: AT, items: [POSITION] });

function keysFile(): string {
  const directory = scratchDirectory();
  writeFileSync(join(directory, 'vin'), VIN);
  writeFileSync(join(directory, 'key'), KEY.toString('hex'));
  const file = join(directory, 'keys.json');
  writeFileSync(file, JSON.stringify([{ vinFile: 'vin', form: 'sm4-ecb', keyFile: 'key' }]));
  return file;
}

test('what opens with the key of its vehicle is read, and stored in the clear under its seal of the zone', async () => {
  const { dial, directory, close, terminals } = await serveScratch([VIN], ICCID, { keysFile: keysFile() });
  const terminal = dial();
  for (const frame of [sealed(LOGIN), sealed(REPORT), REPORT]) terminal.send(frame);
  await terminal.answered(2 * EMPTY_ANSWER_BYTES + DATED_ANSWER_BYTES);
  await expect.poll(() => terminals.status().frames).toEqual({ stored: 3 });
  await close();
  const zones = zonesOf(directory);
  const latitudes = (zone: keyof typeof zones) =>
    readingsIn(zones[zone]?.records ?? []).filter(({ path }) => path === 'gb32960.position.latitude');
  // Sent in the clear as well, it is the same frame, and lies there once.
  expect(latitudes('geographic').map(({ value }) => value)).toEqual([POSITION.latitude]);
  for (const zone of ['general', 'personal', 'important'] as const) expect(latitudes(zone)).toEqual([]);
});

test('what does not open lies in quarantine as it came, is answered so, and raises an alert', async () => {
  const { dial, directory, close, alerts, terminals } = await serveScratch([VIN], ICCID, { keysFile: keysFile() });
  const terminal = dial();
  const other = sealed(REPORT, Buffer.alloc(16, 6));
  const stranger = sealed(LOGIN, Buffer.alloc(16, 6));
  for (const frame of [stranger, LOGIN, other]) terminal.send(frame);
  await terminal.answered(2 * EMPTY_ANSWER_BYTES + DATED_ANSWER_BYTES);
  await expect.poll(() => terminals.status().frames).toEqual({ 'refused-encrypted': 1, stored: 1, quarantined: 1 });
  expect(terminal.answers().filter((byte, at) => at % 1 === 0 && byte === 7).length).toBeGreaterThanOrEqual(2);
  await close();
  const payloads = zonesOf(directory)['quarantine']?.payloads ?? [];
  expect(payloads.map(({ reason }) => reason)).toEqual(['TERMINAL_UNDECRYPTED', 'TERMINAL_UNDECRYPTED']);
  expect(payloads.map(({ payload }) => Buffer.from(payload))).toEqual([stranger, other]);
  expect(alerts).toContain('TERMINAL_UNDECRYPTED');
});

test('activation and the key of data units lie as octets in the geographic zone and nowhere else, and are answered as not done', async () => {
  const { dial, directory, close, terminals } = await serveScratch([VIN], ICCID);
  const terminal = dial();
  const octets = { octets: { hex: '1a0301112233445566778899' } };
  for (const frame of [LOGIN, frameOf('activation', octets), frameOf('data-key', octets)]) terminal.send(frame);
  await terminal.answered(DATED_ANSWER_BYTES + 2 * EMPTY_ANSWER_BYTES);
  await expect.poll(() => terminals.status().frames).toEqual({ stored: 1, 'kept-unread': 2 });
  await close();
  const zones = zonesOf(directory);
  const unread = (zone: keyof typeof zones) =>
    readingsIn(zones[zone]?.records ?? []).filter(({ path }) => path === 'gb32960.frame-unread');
  const bytes = Buffer.concat(unread('geographic').map(({ value }) => Buffer.from(String(value), 'base64')));
  expect(bytes.includes(Buffer.from(octets.octets.hex, 'hex'))).toBe(true);
  for (const zone of ['general', 'personal', 'important'] as const) expect(unread(zone)).toEqual([]);
});
