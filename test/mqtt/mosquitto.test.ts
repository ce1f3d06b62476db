import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, describe, expect, test } from 'vitest';
import { uplinkTopic } from '../../proto/words/topics.ts';
import { batchOf, seal, signalFrame } from '../support/cloud/batches.ts';
import {
  type ConnectingDevice,
  connectingDevice,
  createAuthority,
  type TestIdentity,
} from '../support/cloud/certificates.ts';
import { deviceAt } from '../support/cloud/ingress.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, rowsIn } from '../support/cloud/rows.ts';
import { serveGateway } from '../support/cloud/served.ts';

/** A program that nobody of us wrote speaks to the broker. */
const isInstalled = spawnSync('mosquitto_pub', ['--help']).error === undefined;

describe.skipIf(!isInstalled)('mosquitto_pub (needs the Debian package mosquitto-clients)', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tongguan-mosquitto-'));
  const data = join(directory, 'data.bin');
  const cloud = await serveGateway({ directory, devices: 2 });
  const device = deviceAt(cloud, 0);
  const other = deviceAt(cloud, 1);
  writeFileSync(join(directory, 'ca.pem'), cloud.authority);
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  /** Exit status of the program; 0 after PUBACK. */
  async function publish(payload: Uint8Array, identity?: TestIdentity, ...more: readonly string[]): Promise<number> {
    writeFileSync(data, payload);
    const topic = uplinkTopic(device.registered.device);
    const to = ['-h', '127.0.0.1', '-p', String(cloud.port), '--cafile', join(directory, 'ca.pem'), '-t', topic];
    if (identity !== undefined) {
      writeFileSync(join(directory, 'device.pem'), identity.certificate);
      writeFileSync(join(directory, 'device.key'), identity.key);
      to.push('--cert', join(directory, 'device.pem'), '--key', join(directory, 'device.key'));
    }
    const run = promisify(execFile)('mosquitto_pub', [...to, '-q', '1', '-f', data, ...more], { timeout: 20_000 });
    return run.then(() => 0).catch((cause: { readonly code?: number }) => cause.code ?? -1);
  }

  const sealed = (firstSequence: number, by: ConnectingDevice = device): Uint8Array =>
    seal(batchOf([signalFrame()], { firstSequence }), by.key);
  const stored = (): number => rowsIn(directory, 'personal', RECORDS).length;
  const reasons = (): readonly string[] =>
    rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED).map(({ reason }) => reason);

  test('with a device certificate is accepted', async () => {
    expect(await publish(sealed(0), device.identity)).toBe(0);
    expect(stored()).toBe(1);
  });

  test('without a certificate, and with one of another authority, is refused', async () => {
    const foreign = await connectingDevice(await createAuthority('devices'), 1);
    expect(await publish(sealed(1))).not.toBe(0);
    expect(await publish(sealed(1), foreign.identity)).not.toBe(0);
    expect(stored()).toBe(1);
    expect(cloud.refusals.map(({ reason }) => reason)).toEqual(['tls', 'tls']);
  });

  test("with another vehicle's VIN in the payload is quarantined and alerted", async () => {
    expect(await publish(Buffer.from(`{"vin":"${other.vin}"}`), device.identity)).toBe(0);
    expect(reasons()).toEqual(['VIN_MISMATCH']);
    expect(cloud.alerts).toEqual([{ device: device.registered.device, code: 'VIN_MISMATCH' }]);
    expect(stored()).toBe(1);
  });

  test('to the topic of another device is refused', async () => {
    expect(await publish(sealed(2, other), other.identity)).not.toBe(0);
    expect(stored()).toBe(1);
  });

  test('in MQTT 5 is refused', async () => {
    expect(await publish(sealed(3), device.identity, '-V', 'mqttv5')).not.toBe(0);
    expect(cloud.refusals.at(-1)).toMatchObject({ reason: 'protocol-version' });
    expect(stored()).toBe(1);
  });

  test('with a will is refused', async () => {
    const will = ['--will-topic', uplinkTopic(device.registered.device), '--will-payload', 'bye'];
    expect(await publish(sealed(4), device.identity, ...will)).not.toBe(0);
    expect(cloud.refusals.at(-1)).toMatchObject({ reason: 'will' });
    expect(stored()).toBe(1);
  });
});
