import { readFileSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { EdgeConfig } from '../../../edge/config.ts';
import { readIdentity } from '../../../edge/identity.ts';
import { readConfig } from '../../../proto/config/read-config.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import type { Result } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { VIN_A, VIN_B } from '../../support/edge/made-vin.ts';
import { tempDirectory } from '../../support/edge/temp-directory.ts';
import { otherKey, writeConfig, writeVehicleFiles } from '../../support/edge/vehicle-files.ts';

const DAY_MS = 86_400_000;
const CERTIFICATE_DAYS = 366;

interface Given {
  /** Files written over the good ones, by name. */
  readonly files?: Readonly<Record<string, string | Uint8Array>>;
  readonly without?: string;
  readonly vinFile?: string;
  readonly daysLater?: number;
}

/** The path holds a VIN, as that of a careless operator might. */
async function identityOf({ files = {}, without, vinFile = 'vin.txt', daysLater = 0 }: Given = {}) {
  const directory = join(tempDirectory(), VIN_B);
  await writeVehicleFiles(directory);
  const configFile = writeConfig(directory, { vehicle: { vinFile, secretFile: 'secret.bin' } });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  if (without !== undefined) unlinkSync(join(directory, without));
  const loaded = readConfig(EdgeConfig, configFile, 'edge', {});
  if (!loaded.ok) throw new Error(loaded.fault[0]?.problem.en);
  return readIdentity(loaded.value, { now: () => (Date.now() + daysLater * DAY_MS) as Instant });
}

/** One fault in both languages with its remedy, and no VIN: neither that of the file nor that of the path. */
function faultOf(identity: Result<unknown, Fault>): { code: string; en: string } {
  if (identity.ok) throw new Error('the identity was accepted');
  const { code, problem, remedy, retry } = identity.fault;
  expect(retry).toBe('after-remedy');
  for (const text of [problem.zh, remedy.zh]) expect(text).toMatch(/[\u4e00-\u9fff]/);
  for (const text of [problem.en, problem.zh, remedy.en, remedy.zh]) {
    expect(text).toMatch(/^[^\n]{4,}$/);
    expect(text).not.toContain(VIN_A);
    expect(text).not.toContain(VIN_B);
  }
  return { code, en: problem.en };
}

describe('identity', () => {
  test('is read from its files: VIN, secret, device name, keys', async () => {
    const identity = await identityOf();
    if (!identity.ok) throw new Error(identity.fault.problem.en);
    expect(identity.value.vin).toBe(VIN_A);
    expect(identity.value.secret).toHaveLength(32);
    expect(identity.value.device).toMatch(/^[0-9a-f]{32}$/);
    expect([identity.value.deviceKey.type, identity.value.policyKey.type]).toEqual(['private', 'public']);
  });

  test.each([
    ['vin.txt', VIN_A.toLowerCase(), 'VIN_CHARACTER'],
    ['vin.txt', VIN_A.slice(1), 'VIN_LENGTH'],
    ['vin.txt', `${VIN_A.slice(0, 8)}1${VIN_A.slice(9)}`, 'VIN_CHECK_DIGIT'],
    ['vin.txt', `${VIN_A}\n${VIN_B}\n`, 'VIN_LENGTH'],
    ['vin.txt', '', 'VIN_LENGTH'],
  ])('%s holding %j is a VIN fault that says %s', async (name, content, what) => {
    const { code, en } = faultOf(await identityOf({ files: { [name]: content } }));
    expect(code).toBe('VIN_INVALID');
    expect(en).toContain(what);
  });

  test.each([0, 1, 31])('a secret of %i bytes is too short', async (bytes) => {
    expect(faultOf(await identityOf({ files: { 'secret.bin': new Uint8Array(bytes) } })).code).toBe('SECRET_TOO_SHORT');
  });

  test('a key that is not the key of the certificate', async () => {
    const other = tempDirectory();
    await writeVehicleFiles(other);
    const identity = await identityOf({ files: { 'device.key': readFileSync(join(other, 'device.key')) } });
    expect(faultOf(identity).code).toBe('KEY_MISMATCH');
  });

  test.each([
    ['device.key', otherKey('rsa', 'private'), 'uplink.keyFile'],
    ['device.key', otherKey('p384', 'private'), 'uplink.keyFile'],
    ['policy.pub', otherKey('rsa', 'public'), 'policy.publicKeyFile'],
    ['policy.pub', otherKey('p384', 'public'), 'policy.publicKeyFile'],
    ['policy.pub', otherKey('x25519', 'public'), 'policy.publicKeyFile'],
  ])('%s of another type is told before the first batch is signed with it', async (name, pem, key) => {
    const { code, en } = faultOf(await identityOf({ files: { [name]: pem } }));
    expect(code).toBe('KEY_TYPE');
    expect(en).toContain(`\`${key}\``);
  });

  test('a certificate is good on its last day and not on the day after', async () => {
    expect((await identityOf({ daysLater: CERTIFICATE_DAYS - 1 })).ok).toBe(true);
    expect(faultOf(await identityOf({ daysLater: CERTIFICATE_DAYS + 1 })).code).toBe('CERTIFICATE_EXPIRED');
  });

  test.each([
    ['vin.txt', 'vehicle.vinFile'],
    ['secret.bin', 'vehicle.secretFile'],
    ['device.crt', 'uplink.certificateFile'],
    ['device.key', 'uplink.keyFile'],
    ['authority.crt', 'uplink.authorityFile'],
    ['policy.pub', 'policy.publicKeyFile'],
  ])('without %s, the fault names `%s`', async (name, key) => {
    const { code, en } = faultOf(await identityOf({ without: name }));
    expect(code).toBe('FILE_UNREADABLE');
    expect(en).toContain(`\`${key}\``);
    expect(en).toContain('ENOENT');
  });

  test.each([
    ['device.crt', 'uplink.certificateFile'],
    ['device.key', 'uplink.keyFile'],
    ['policy.pub', 'policy.publicKeyFile'],
  ])('%s that is no PEM is told under `%s`, and nothing of what stands in it', async (name, key) => {
    const { code, en } = faultOf(await identityOf({ files: { [name]: `secret words ${VIN_A}` } }));
    expect(code).toBe('FILE_UNREADABLE');
    expect(en).toContain(`\`${key}\``);
    expect(en).not.toContain('secret words');
  });

  test('a VIN written where its file should stand is not repeated', async () => {
    const misplaced = await identityOf({ vinFile: VIN_A });
    expect(faultOf(misplaced).code).toBe('FILE_UNREADABLE');
  });
});
