import { generateKeyPairSync, verify } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sqliteUpdateRegister } from '../../../../cloud/adapters/sqlite-update-register.ts';
import { updateCampaignFiles } from '../../../../cloud/adapters/update-campaign-files.ts';
import type { UpdateNote } from '../../../../cloud/ports/update-register.ts';
import { createUpdateDistribution } from '../../../../cloud/updates/distribution.ts';
import { signedBytes } from '../../../../proto/codec/signed-bytes.ts';
import { decodeUpdateDownlink, encodeUpdateAsk, PIECE_BYTES } from '../../../../proto/codec/update-codec.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';
import type { DeviceId } from '../../../../proto/words/topics.ts';
import { DEVICES, ENTRY, filesOf, IMAGE, NOW, STRANGER, UPDATE_KEYS } from '../../../support/cloud/campaigns.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'tongguan-updates-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function put(files: Readonly<Record<string, Uint8Array>>, name = 'O-1'): void {
  mkdirSync(join(directory, name), { recursive: true });
  for (const [file, bytes] of Object.entries(files)) writeFileSync(join(directory, name, file), bytes);
}

function opened(entry: () => typeof ENTRY | undefined = () => ENTRY) {
  const unusable: string[] = [];
  const register = sqliteUpdateRegister(join(directory, 'updates.sqlite'));
  const files = updateCampaignFiles(directory, UPDATE_KEYS.publicKey, (name) => void unusable.push(name));
  const campaigns = { list: () => files.list() };
  const distribution = createUpdateDistribution({
    ...{ campaigns, register, find: entry, clock: { now: () => NOW } },
    filingDueOn: () => '2026-12-03' as CivilDate,
  });
  return { distribution, register, unusable };
}

const TAG = new Uint8Array(32);
const asking = (device: DeviceId | undefined, number = 1) => ({ device: device ?? STRANGER, number });
const askFor = (campaign: string, index: number) =>
  encodeUpdateAsk({ campaignSha256: Buffer.from(campaign, 'hex'), index });
const note = (campaign: string, change: Partial<UpdateNote>): UpdateNote => ({
  ...{ deviceNumber: 1, campaign, state: 'downloading', reason: 'none', step: 1, version: 3, minute: 1 },
  ...change,
});

test('each vehicle of a campaign is offered it with an assignment of its own, and nobody else is', () => {
  put(filesOf());
  const { distribution } = opened();
  expect(distribution.look()).toBe(true);
  expect(distribution.look()).toBe(false);
  const assignments = DEVICES.map((device) => {
    const offer = decodeUpdateDownlink(distribution.offerFor(asking(device)) ?? new Uint8Array());
    return offer.ok && offer.value.kind === 'offer' ? Buffer.from(offer.value.offer.assignment).toString('hex') : '';
  });
  expect(new Set(assignments).size).toBe(DEVICES.length);
  expect(distribution.offerFor(asking(STRANGER))).toBeUndefined();
});

test('pieces go to vehicles of the campaign, until they are done with it or the register has something against it', () => {
  put(filesOf());
  let entry: typeof ENTRY | undefined = ENTRY;
  const { distribution, register } = opened(() => entry);
  distribution.look();
  const name = distribution.standings()[0]?.campaignSha256 ?? '';
  const piece = (index: number, device = DEVICES[0]) => distribution.answer(asking(device), askFor(name, index));
  const last = decodeUpdateDownlink(piece(1) ?? new Uint8Array());
  expect(last.ok && last.value.kind === 'piece' && Buffer.from(last.value.piece.bytes)).toEqual(
    Buffer.from(IMAGE.subarray(PIECE_BYTES)),
  );
  expect([piece(2), piece(0, STRANGER), distribution.answer(asking(DEVICES[0]), new Uint8Array([1]))]).toEqual(
    Array(3).fill(undefined),
  );
  expect(distribution.answer(asking(DEVICES[0]), askFor('00'.repeat(32), 0))).toBeUndefined();
  register.note([note(name, { state: 'installed' })]);
  expect([piece(0), distribution.offerFor(asking(DEVICES[0]))]).toEqual([undefined, undefined]);
  register.note([note(name, { deviceNumber: 2, state: 'refused', reason: 'not-yet' })]);
  expect(distribution.offerFor(asking(DEVICES[0], 2))).toBeDefined();
  entry = undefined;
  distribution.look();
  expect(distribution.answer(asking(DEVICES[1], 3), askFor(name, 0))).toBeUndefined();
  expect(distribution.standings()[0]?.heldBackBy).toEqual(['not-registered']);
  register.close();
});

test('a campaign that falls is told as stopped to the vehicles that may hold it, once it was, and offered again when it stands again', () => {
  put(filesOf());
  let entry: typeof ENTRY & { readonly pending?: unknown } = ENTRY;
  const { distribution, register } = opened(() => entry);
  distribution.look();
  const name = distribution.standings()[0]?.campaignSha256 ?? '';
  const stops = (number = 1, device = DEVICES[0]) => distribution.stopsFor(asking(device, number));
  expect(stops()).toEqual([]);
  for (const fallen of [
    { ...ENTRY, isWithdrawn: true },
    { ...ENTRY, body: { ...ENTRY.body, samrFiling: undefined as never } },
    { ...ENTRY, body: { ...ENTRY.body, packageSha256: '00'.repeat(32) } },
  ]) {
    entry = fallen;
    expect([distribution.look(), distribution.look()]).toEqual([true, false]);
    const told = decodeUpdateDownlink(stops()[0] ?? new Uint8Array());
    const stop = told.ok && told.value.kind === 'stop' ? told.value.stop : undefined;
    expect(Buffer.from(stop?.campaignSha256 ?? []).toString('hex')).toBe(name);
    expect(
      verify(
        null,
        signedBytes('update-stop', stop?.campaignSha256 ?? TAG),
        UPDATE_KEYS.publicKey,
        stop?.signature ?? TAG,
      ),
    ).toBe(true);
    expect([stops(1, STRANGER), distribution.offerFor(asking(DEVICES[0]))]).toEqual([[], undefined]);
    entry = ENTRY;
    expect([distribution.look(), stops()]).toEqual([true, []]);
  }
  entry = { ...ENTRY, isWithdrawn: true };
  distribution.look();
  register.note([
    note(name, { state: 'failed', reason: 'stopped' }),
    note(name, { deviceNumber: 2, state: 'installed' }),
  ]);
  expect([stops(1), stops(2), stops(3)].map(({ length }) => length)).toEqual([0, 0, 1]);
  // A change that waits for a second person ends offers, and takes nothing away.
  entry = { ...ENTRY, pending: {} };
  distribution.look();
  expect([stops(3), distribution.offerFor(asking(DEVICES[0], 3))]).toEqual([[], undefined]);
  entry = ENTRY;
  distribution.look();
  expect(distribution.offerFor(asking(DEVICES[0], 1))).toBeDefined();
  register.close();
});

test.each(['of another key', 'of another campaign', 'that is missing'])(
  'a campaign with a stop %s is offered to nobody',
  (which) => {
    const { 'stop.bin': stop, ...files } = filesOf();
    const other =
      which === 'of another key'
        ? filesOf({}, generateKeyPairSync('ed25519').privateKey)
        : filesOf({ chargeMinPercent: 41 });
    put({ ...files, ...(which === 'that is missing' ? {} : { 'stop.bin': other['stop.bin'] ?? new Uint8Array() }) });
    expect(stop).toHaveLength(64);
    const { distribution, unusable, register } = opened();
    distribution.look();
    expect([distribution.standings(), unusable]).toEqual([[], ['O-1']]);
    register.close();
  },
);

test('what the key did not sign, another name and what is not whole are told once and offered to nobody', () => {
  const { privateKey } = UPDATE_KEYS;
  const { 'image.bin': image = new Uint8Array(), ...others } = filesOf({ id: 'short' }, privateKey);
  put(filesOf({ id: 'other' }), 'O-1');
  put({ ...others, 'image.bin': image.subarray(1) }, 'short');
  put({}, 'empty');
  const { distribution, unusable } = opened();
  distribution.look();
  distribution.look();
  expect([distribution.standings(), unusable]).toEqual([[], ['O-1', 'empty', 'short']]);
});

test('counts are of the last report of each vehicle, whatever order they come in, and a liar fills nothing', () => {
  const { register } = opened();
  register.note([note('aa', { state: 'installed', step: 9 }), note('aa', { state: 'waiting', step: 8 })]);
  register.note([note('aa', { deviceNumber: 2, state: 'failed', reason: 'disk' })]);
  expect(register.counts('aa')).toEqual([
    { state: 'failed', reason: 'disk', vehicles: 1 },
    { state: 'installed', reason: 'none', vehicles: 1 },
  ]);
  register.note(Array.from({ length: 100 }, (_, index) => note(`b${index}`, {})));
  expect(register.counts('b62')).toHaveLength(1);
  expect(register.counts('b63')).toHaveLength(0);
  register.note([note('aa', { state: 'rolled-back', step: 10 })]);
  expect(register.standing('aa', 1)).toEqual({ state: 'rolled-back', reason: 'none' });
  register.close();
});
