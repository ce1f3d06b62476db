import { generateKeyPairSync } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { loadSetup } from '../../../../cloud/exporter/setup.ts';
import { type Border, createBorder } from '../../../integration-exporter/support/border.ts';
import { writeExporterConfig } from '../../../integration-exporter/support/configs.ts';

let border: Border;
let path: string;
beforeAll(async () => {
  border = await createBorder();
});
beforeEach(() => {
  path = writeExporterConfig(border, 'https://127.0.0.1:8443');
});
afterAll(() => border.remove());

const key = (name: string) => join(border.root, 'keys', name);
async function faults(): Promise<readonly string[]> {
  const setup = await loadSetup(path);
  return setup.ok ? [] : setup.fault.map((fault) => `${fault.code} ${fault.problem.en}`);
}

test('loads everything the configuration names', async () => {
  const setup = await loadSetup(path);
  expect(setup.ok && [...setup.value.recipients.keys()]).toEqual(['acme-de']);
  expect(setup.ok && setup.value.at('border/outbox')).toBe(border.outbox);
});

const capturePem = () => border.captureKey.export({ type: 'pkcs8', format: 'pem' }) as string;
const edPem = () => generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' });

// biome-ignore format: one mistake a line
const MISTAKES: readonly (readonly [what: string, spoil: () => void, told: RegExp])[] = [
  ['no configuration', () => rmSync(path), /^CONFIG_UNREADABLE .*ENOENT/],
  ['a key of the configuration that is not known', () => writeFileSync(path, 'x: 1'), /^CONFIG_INVALID /],
  ['no log key', () => rmSync(key('traffic-log.key')), /^CONFIG_UNREADABLE .*log.signingKeyFile: ENOENT/],
  ['a log key of another kind', () => writeFileSync(key('traffic-log.key'), border.exporter.key), /^KEY_UNSUITABLE .*log.signingKeyFile: expected an Ed25519/],
  ['a permit key of another kind', () => writeFileSync(key('permit.pub'), border.exporter.certificate), /^KEY_UNSUITABLE .*permit.publicKeyFile/],
  ['a capture key of another kind', () => writeFileSync(key('capture.pub'), edPem()), /^KEY_UNSUITABLE .*capture.publicKeyFile/],
  ['the private half of the capture key', () => writeFileSync(key('capture.pub'), capturePem()), /^KEY_UNSUITABLE .*expected the public half alone/],
  ['a TLS key of another kind', () => writeFileSync(key('exporter.key'), edPem()), /^KEY_UNSUITABLE .*tls.keyFile: expected an EC P-256/],
  ['the TLS key of somebody else', () => writeFileSync(key('exporter.key'), border.recipient.key), /^KEY_UNSUITABLE .*not the key of tls.certificateFile/],
  ['a certificate that is none', () => writeFileSync(key('exporter.crt'), 'none'), /^KEY_UNSUITABLE .*tls.certificateFile/],
  ['an authority that is none', () => writeFileSync(key('authority.crt'), ''), /^KEY_UNSUITABLE .*recipients.0.authorityFile/],
  ['a key file that is no key file', () => writeFileSync(key('exporter.key'), Buffer.alloc(300_000)), /^CONFIG_UNREADABLE .*tls.keyFile: longer than/],
];

test.each(MISTAKES)('%s is told, with the key of the configuration it concerns', async (_, spoil, told) => {
  spoil();
  expect((await faults())[0]).toMatch(told);
});

test('no fault holds anything of a key', async () => {
  writeFileSync(key('exporter.key'), border.exporter.key.slice(10));
  expect(JSON.stringify(await loadSetup(path))).not.toContain(border.exporter.key.slice(60, 90));
});
