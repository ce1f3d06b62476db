import { execFile } from 'node:child_process';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import { rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect as connectTls } from 'node:tls';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sealReceipt } from '../../cloud/exporter/envelope.ts';
import type { ExporterStatus } from '../../cloud/exporter/main.ts';
import { encodeReceipt, type Permit } from '../../proto/codec/transfer-codec.ts';
import type { Clock } from '../../proto/words/time.ts';
import { createAuthority, type TestIdentity } from '../support/cloud/certificates.ts';
import { type Border, createBorder, manifestOf, putParcel, RECIPIENT_ID, SYSTEM_CLOCK } from './support/border.ts';
import { writeExporterConfig } from './support/configs.ts';
import { type Running, readTraffic, returned, startExporter, until } from './support/running.ts';

const ENDPOINT = 'https://recipient.example';
const DATA = Buffer.alloc(300_000, 'fetched content, ');
const FILES = { 'data.bin': DATA };
const run = promisify(execFile);

let border: Border;
let exporter: Running<ExporterStatus>;
let port: number;
beforeAll(async () => {
  const made = await createBorder();
  border = { ...made, recipient: await made.authority.issue('recipient', 'client') };
  const server = await border.authority.issue('exporter', 'server');
  writeFileSync(join(border.root, 'keys/pull.crt'), server.certificate);
  writeFileSync(join(border.root, 'keys/pull.key'), server.key);
  await begin();
});
afterAll(async () => {
  await exporter.stop();
  border.remove();
});

/**
 * The clock of the exporter, which throws where a test says: for whoever asks it from this file of the pull. Not for the
 * log on that file's behalf: a log that cannot write ends the exporter, and connections of other tests may just be ending.
 */
let brokenIn: string | undefined;
const clock: Clock = {
  now: () => {
    const asker = brokenIn === undefined ? '' : String(new Error().stack);
    if (brokenIn !== undefined && asker.includes(brokenIn) && !asker.includes('cloud/log/'))
      throw new Error('the clock is broken');
    return SYSTEM_CLOCK.now();
  },
};

async function begin(): Promise<void> {
  const recipient = { id: RECIPIENT_ID, endpoint: ENDPOINT, certificateSha256: border.recipient.sha256 };
  const authorityFile = 'keys/authority.crt';
  const pull = { listen: { host: '127.0.0.1', port: 0 }, certificateFile: 'keys/pull.crt', keyFile: 'keys/pull.key' };
  exporter = startExporter(
    writeExporterConfig(border, ENDPOINT, {
      recipients: [{ ...recipient, sealedTo: 'none', delivery: 'pull', authorityFile }],
      pull: { ...pull, clientAuthorityFile: authorityFile, connectionsPerRecipientMax: 2 },
    }),
    clock,
  );
  await until(() => exporter.lines.some((line) => line.includes('at port')));
  port = Number(/port (\d+)/.exec(exporter.lines.join())?.[1]);
}

let identities = 0;

/** Runs curl as a recipient would: status, and the body on standard output. */
async function curl(path: string, args: readonly string[] = [], identity: TestIdentity | 'none' = border.recipient) {
  identities += 1;
  const at = (name: string) => join(border.root, 'keys', `${identities}-${name}`);
  if (identity !== 'none') {
    writeFileSync(at('c.crt'), identity.certificate);
    writeFileSync(at('c.key'), identity.key);
  }
  const own = identity === 'none' ? [] : ['--cert', at('c.crt'), '--key', at('c.key')];
  const fixed = ['-sS', '--max-time', '20', '--tlsv1.3', '--cacert', join(border.root, 'keys/authority.crt'), ...own];
  const made = run('curl', [
    ...fixed,
    '-o',
    at('out'),
    '-w',
    '%{http_code}',
    ...args,
    `https://127.0.0.1:${port}${path}`,
  ]);
  const { stdout } = await made.catch((cause: { code: number }) => ({ stdout: `exit ${cause.code}` }));
  const { readFileSync, existsSync } = await import('node:fs');
  return { said: stdout, body: existsSync(at('out')) ? readFileSync(at('out')) : Buffer.alloc(0) };
}

const put = (id: string, permit: Partial<Permit> = {}): Permit =>
  putParcel(border, { id, endpoint: ENDPOINT, files: FILES, permit });
const kindsOf = (id: string) =>
  readTraffic(border)
    .filter(({ transferId }) => transferId === id)
    .map(({ kind }) => kind);

test('curl with the registered certificate fetches in ranges, sends its receipt, and the transfer is delivered', async () => {
  const permit = put('t-1');
  const base = '/v1/transfers/t-1';
  expect(JSON.parse(String((await curl(`${base}/manifest`)).body))).toMatchObject(manifestOf('t-1', FILES));
  expect(await curl(`${base}/files/data.bin`, ['-r', '0-99999'])).toMatchObject({ said: '206' });
  const rest = await curl(`${base}/files/data.bin`, ['-r', '100000-']);
  expect(rest.body.equals(DATA.subarray(100_000))).toBe(true);
  expect((await curl(`${base}/files/data.bin`)).body.equals(DATA)).toBe(true);
  expect((await curl(`${base}/files/data.bin`, ['-r', '300000-'])).said).toBe('416');
  expect((await curl(`${base}/files/permit.bin`)).said).toBe('404');

  const manifest = (await curl(`${base}/manifest`)).body;
  const key = createPrivateKey(border.recipient.key);
  const { transferId, manifestSha256, recipientId } = permit;
  const bytesReceived = DATA.length + manifest.length;
  const body = encodeReceipt({ transferId, manifestSha256, recipientId, receivedAtMs: 1, bytesReceived });
  const receipt = join(border.root, 'receipt.bin');
  writeFileSync(receipt, 'no receipt');
  const post = ['--data-binary', `@${receipt}`, '-H', 'content-type: application/octet-stream'];
  expect((await curl(`${base}/receipt`, post)).said).toBe('422');
  writeFileSync(receipt, sealReceipt(body, key, createPublicKey(key)));
  expect((await curl(`${base}/receipt`, post)).said).toBe('204');
  expect(await returned(border, 't-1')).toMatchObject({ outcome: 'delivered' });
  expect((await curl(`${base}/files/data.bin`)).said, 'after its receipt').toBe('404');

  await exporter.stop();
  const kinds = kindsOf('t-1');
  expect(kinds.filter((kind) => kind === 'intent')).toHaveLength(1);
  expect(kinds.at(-1)).toBe('delivered');
  const connections = readTraffic(border).filter(({ kind }) => kind.startsWith('connection'));
  expect(connections.filter(({ kind }) => kind === 'connection')).toHaveLength(connections.length / 2);
  await begin();
});

const STRANGERS: readonly (readonly [string, () => Promise<TestIdentity | 'none'>, RegExp])[] = [
  ['no certificate', async () => 'none', /^exit 5[26]$/],
  ['an expired certificate', () => border.authority.issue('recipient', 'client', -2), /^exit 5[26]$/],
  [
    'a certificate of another authority',
    async () => (await createAuthority('other')).issue('recipient', 'client'),
    /^exit 5[26]$/,
  ],
  ['a valid certificate that is not registered', () => border.authority.issue('recipient', 'client'), /^403$/],
];

test.each(STRANGERS)('curl with %s is given nothing', async (who, identity, said) => {
  const id = `t-${who.replaceAll(' ', '-')}`;
  put(id);
  const got = await curl(`/v1/transfers/${id}/files/data.bin`, [], await identity());
  expect(got.said).toMatch(said);
  expect(got.body.includes('fetched content')).toBe(false);
});

const NOW = Date.now();
// biome-ignore format: one permit a line
const PERMITS: readonly (readonly [string, Partial<Permit>])[] = [
  ['has expired', { expiresAtMs: NOW - 1 }],
  ['is not valid yet', { notBeforeMs: NOW + 3_600_000 }],
  ['is for another recipient', { recipientId: 'acme-us' }],
  ['pins another certificate', { recipientCertificateSha256: new Uint8Array(32) }],
  ['names another parcel', { manifestSha256: new Uint8Array(32) }],
];

test.each(PERMITS)('a parcel whose permit %s is not there for anybody', async (what, permit) => {
  const id = `t-${what.replaceAll(' ', '-')}`;
  put(id, permit);
  expect((await curl(`/v1/transfers/${id}/files/data.bin`)).said).toBe('404');
});

test.each(['t-0.revoked', 'STOP', '../emergency-stop'])(
  'with `%s` in place nothing is given, and all is given without',
  async (mark) => {
    const id = mark === 't-0.revoked' ? 't-0' : `t-${mark.length}`;
    put(id);
    writeFileSync(join(border.outbox, mark), '');
    const got = await curl(`/v1/transfers/${id}/files/data.bin`);
    expect(got.said).toMatch(/^(404|409|503)$/);
    expect(got.body.includes('fetched content')).toBe(false);
    rmSync(join(border.outbox, mark));
    if (mark !== 't-0.revoked') expect((await curl(`/v1/transfers/${id}/files/data.bin`)).said).toBe('200');
    rmSync(join(border.outbox, id), { recursive: true });
  },
);

test('a stop cuts a transfer that a slow reader is at', async () => {
  const big = { 'data.bin': Buffer.alloc(30_000_000, 'x') };
  putParcel(border, { id: 't-slow', endpoint: ENDPOINT, files: big });
  const socket = connectTls({
    port,
    host: '127.0.0.1',
    ca: border.authority.certificate,
    cert: border.recipient.certificate,
    key: border.recipient.key,
  });
  socket.on('error', () => undefined);
  socket.write('GET /v1/transfers/t-slow/files/data.bin HTTP/1.1\r\nhost: a\r\n\r\n');
  let got = 0;
  socket.on('data', (chunk) => {
    got += chunk.length;
    // Takes some, then nothing more.
    if (got > 100_000) socket.pause();
  });
  await until(() => got > 100_000);
  writeFileSync(join(border.outbox, 'STOP'), '');
  const closed = new Promise((resolve) => socket.once('close', () => resolve('closed')));
  await sleep(300);
  socket.removeAllListeners('data');
  socket.on('data', (chunk) => {
    got += chunk.length;
  });
  socket.resume();
  expect(await closed).toBe('closed');
  expect(got).toBeLessThan(30_000_000);
  rmSync(join(border.outbox, 'STOP'));
});

test('a header above its limit is answered with 431 at most, and one who drips TLS or bytes holds no place for long', async () => {
  const long = ['-H', `x: ${'a'.repeat(20_000)}`];
  expect((await curl('/v1/transfers/t-1/manifest', long)).said).toMatch(/^(431|exit \d+)$/);
  const silent = Array.from({ length: 15 }, () => connect(port, '127.0.0.1').on('error', () => undefined));
  put('t-3');
  expect((await curl('/v1/transfers/t-3/files/data.bin')).said, 'beside 15 silent ones').toBe('200');
  for (const socket of silent) socket.destroy();
});

test.each(['accept-line', 'pull-server', 'pull-session'])(
  'a check that throws in %s gives nothing and ends its connection alone',
  async (file) => {
    put(`t-${file}`);
    const path = `/v1/transfers/t-${file}/files/data.bin`;
    brokenIn = `pull/${file}`;
    const refused = await curl(path);
    brokenIn = undefined;
    expect(refused.said).toMatch(/^(000|exit \d+)$/);
    expect(refused.body.length).toBe(0);
    expect(exporter.lines.join()).toContain('PULL_BROKEN');
    expect((await curl(path)).said).toBe('200');
  },
);

test('a receipt that is sent twice at once is taken once, and the log is one that the next exporter reads', async () => {
  const { transferId, manifestSha256, recipientId } = put('t-twice');
  const key = createPrivateKey(border.recipient.key);
  const manifest = JSON.stringify(manifestOf('t-twice', FILES)).length;
  const bytesReceived = DATA.length + manifest;
  const body = encodeReceipt({ transferId, manifestSha256, recipientId, receivedAtMs: 1, bytesReceived });
  const receipt = sealReceipt(body, key, createPublicKey(key));
  const head = `POST /v1/transfers/t-twice/receipt HTTP/1.1\r\nhost: a\r\ncontent-length: ${receipt.length}\r\n\r\n`;
  const post = Buffer.concat([Buffer.from(head), receipt]);
  const { certificate: cert, key: own } = border.recipient;
  const socket = connectTls({ port, host: '127.0.0.1', ca: border.authority.certificate, cert, key: own });
  socket.on('error', () => undefined);
  let said = '';
  socket.on('data', (chunk: Buffer) => {
    said += String(chunk);
  });
  socket.write('HEAD /v1/transfers/t-twice/manifest HTTP/1.1\r\nhost: a\r\n\r\n');
  await until(() => said.includes('200 OK'));
  socket.write(Buffer.concat([post, post, post]));
  await until(() => said.match(/ 204 /g)?.length === 3);
  expect(await returned(border, 't-twice')).toMatchObject({ outcome: 'delivered' });
  socket.destroy();
  await exporter.stop();
  expect(kindsOf('t-twice').filter((kind) => kind === 'delivered')).toHaveLength(1);
  await begin();
});

/** Connections that are over, since the log had so many entries. */
const linesSince = (before: number) =>
  readTraffic(border)
    .slice(before)
    .filter(({ kind }) => kind === 'connection')
    .map(({ document }) => document);

test('what is fetched is captured, and what cannot be captured is not served', async () => {
  put('t-captured');
  const before = readTraffic(border).length;
  expect((await curl('/v1/transfers/t-captured/files/data.bin')).said).toBe('200');
  const served = () => linesSince(before).find((line) => Number(line['bytesSent']) > DATA.length);
  await until(() => served() !== undefined);
  expect(served()).toMatchObject({ ended: 'pull', capture: { isWhole: true } });
  rmSync(border.captures, { recursive: true });
  const last = readTraffic(border).length;
  const refused = await curl('/v1/transfers/t-captured/files/data.bin');
  expect(refused.said).toMatch(/^exit /);
  expect(refused.body.length).toBe(0);
  const uncaptured = () => linesSince(last).find((line) => line['capture'] === null);
  await until(() => uncaptured() !== undefined);
  expect(uncaptured()).toMatchObject({ ended: 'pull', bytesSent: 0 });
});
