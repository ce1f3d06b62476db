import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compileProgram } from '../../../support/edge/compile-program.ts';
import { decryptTls13, sentBy } from '../../../support/tap/decrypt-tls13.ts';
import { typesOf } from './messages.ts';
import { type Bench, CLIENT_NAME, makeBench } from './tls-pair.ts';

const SUITES = ['TLS_AES_128_GCM_SHA256', 'TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256'];
const program = compileProgram('test/unit/support/tap/tls-peer.program.ts');
let bench: Bench;

beforeAll(async () => {
  bench = await makeBench(program);
});
afterAll(() => bench.close());

const textOf = (text: string, times: number): string =>
  Array.from({ length: times }, (_, at) => `${text}${at}\n`).join('');

describe.each(SUITES)('%s', (ciphers) => {
  const times = 4_000;
  const text = 'record number ';

  test('gives back what was sent, with the keys of either end', async () => {
    const server = bench.start({ role: 'server', ciphers });
    const tap = await bench.tap(server);
    const client = bench.start({ ciphers, port: tap.port, text, times });
    expect(await client.saying('cipher')).toBe(ciphers);
    expect(await client.saying('received')).toBe(textOf(text, times).length);
    await client.ended;
    const [recording] = tap.connections();
    for (const keyLog of [client.keyLog(), server.keyLog()]) {
      const tls = decryptTls13(recording ?? EMPTY, keyLog);
      expect(tls.clientToServer.toString()).toBe(textOf(text, times));
      expect(tls.serverToClient.equals(tls.clientToServer)).toBe(true);
      expect(tls.client).toMatchObject({ unreadBytes: 0, cutTailBytes: 0 });
      expect(tls.server).toMatchObject({ unreadBytes: 0, cutTailBytes: 0 });
      expect(tls).toMatchObject({ cipherSuite: ciphers, serverName: 'localhost' });
      expect(tls.alerts).toContainEqual({ from: 'client', description: 0 });
    }
  });

  test('reads what the client was killed over, but for the record that was cut', async () => {
    const server = bench.start({ role: 'server', ciphers });
    const tap = await bench.tap(server);
    const client = bench.start({ ciphers, port: tap.port, text, isEndless: true });
    await client.saying('cipher');
    await recorded(() => (tap.connections()[0]?.clientToServer.length ?? 0) > 200_000);
    await client.kill();
    const [recording] = tap.connections();
    const tls = decryptTls13(recording ?? EMPTY, client.keyLog() + server.keyLog());
    expect(tls.client.unreadBytes).toBe(0);
    expect(tls.client.sentBytes).toBeGreaterThan(200_000);
    expectRun(tls.clientToServer.toString(), text);
    // Cut wherever one likes, the whole records still open and the rest says what it held.
    for (const missing of [1, 17, 1_000, 20_000]) {
      const clientToServer = (recording ?? EMPTY).clientToServer.subarray(0, -missing);
      const cut = decryptTls13({ ...(recording ?? EMPTY), clientToServer }, client.keyLog() + server.keyLog());
      expect(cut.client.unreadBytes).toBe(0);
      expect(tls.clientToServer.indexOf(cut.clientToServer)).toBe(0);
      expectRun(cut.clientToServer.toString() + cut.cutClient.toString('latin1').replace(/[^ -~\n][\s\S]*$/, ''), text);
    }
  });
});

describe('what is not application data', () => {
  let tls: ReturnType<typeof decryptTls13>;
  let keyLog = '';
  let recording = emptyRecording();

  beforeAll(async () => {
    const server = bench.start({ role: 'server', curves: 'P-384' });
    const tap = await bench.tap(server);
    // The first key share of the client is of no use to this server: it has to say hello twice.
    const client = bench.start({ port: tap.port, text: 'x', times: 1, curves: 'X25519:P-384' });
    await client.ended;
    recording = tap.connections()[0] ?? recording;
    keyLog = client.keyLog();
    tls = decryptTls13(recording, keyLog);
  });

  test('a hello that had to be repeated changes nothing', () => {
    expect(typesOf(tls.handshakeClient).slice(0, 2)).toEqual([1, 1]);
    expect(tls.clientToServer.toString()).toBe('x0\n');
    expect([tls.client.unreadBytes, tls.server.unreadBytes]).toEqual([0, 0]);
  });

  test('the certificate of the client is read', () => {
    expect(typesOf(tls.handshakeClient)).toEqual([1, 1, 11, 15, 20]);
    expect(tls.handshakeClient.includes(CLIENT_NAME)).toBe(true);
    expect(recording.clientToServer.includes(CLIENT_NAME)).toBe(false);
  });

  test('tickets of the server are read', () => {
    expect(typesOf(tls.handshakeServer)).toContain(4);
  });

  test('the host name stands in the clear', () => {
    expect(tls.clearClient.includes('localhost')).toBe(true);
    expect(recording.clientToServer.indexOf(tls.clearClient.subarray(0, 100))).toBe(0);
  });

  test('every part is offered to a scanner', () => {
    const all = Buffer.concat(sentBy('client', tls).map(({ bytes }) => bytes));
    for (const part of ['localhost', CLIENT_NAME, 'x0\n']) expect(all.includes(part)).toBe(true);
    expect(Buffer.concat(sentBy('server', tls).map(({ bytes }) => bytes)).includes('x0\n')).toBe(true);
  });

  test('a missing secret is said in bytes, and only the side that it seals is lost', () => {
    const without = (label: string): string => keyLog.replace(new RegExp(`^${label} .*$`, 'm'), '');
    const half = decryptTls13(recording, without('CLIENT_TRAFFIC_SECRET_0'));
    expect(half.client.unreadBytes).toBeGreaterThan(0);
    expect(half.server.unreadBytes).toBe(0);
    expect(half.handshakeClient.includes(CLIENT_NAME)).toBe(true);
    const none = decryptTls13(recording, '');
    expect(none.client.unreadBytes).toBe(recording.clientToServer.length - none.clearClient.length);
    expect(none.clientToServer.length).toBe(0);
  });

  test('a bit that was changed on the way is one record unread, and no wrong plaintext', () => {
    const clientToServer = Buffer.from(recording.clientToServer);
    const at = clientToServer.length - 40;
    clientToServer.writeUInt8(clientToServer.readUInt8(at) ^ 1, at);
    const changed = decryptTls13({ ...recording, clientToServer }, keyLog);
    expect(changed.client.unreadBytes).toBeGreaterThan(0);
    expect(tls.clientToServer.includes(changed.clientToServer)).toBe(true);
  });
});

test('a certificate that the server refuses has been sent all the same, and is read', async () => {
  const server = bench.start({ role: 'server' });
  const tap = await bench.tap(server);
  const client = bench.start({ port: tap.port, text: 'x', times: 1 }, false);
  await client.ended;
  expect(await server.saying('refused')).toBeDefined();
  const tls = decryptTls13(tap.connections()[0] ?? EMPTY, client.keyLog());
  expect(tls.handshakeClient.includes(CLIENT_NAME)).toBe(true);
  expect(tls.serverToClient.length).toBe(0);
});

test('an alert that ends a handshake in the clear is read', async () => {
  const server = bench.start({ role: 'server', ciphers: 'TLS_AES_256_GCM_SHA384' });
  const tap = await bench.tap(server);
  const client = bench.start({ port: tap.port, ciphers: 'TLS_AES_128_GCM_SHA256' });
  await client.ended;
  const tls = decryptTls13(tap.connections()[0] ?? EMPTY, client.keyLog());
  // RFC 8446, 6: handshake_failure.
  expect(tls.alerts).toContainEqual({ from: 'server', description: 40 });
  expect(tls.cipherSuite).toBeUndefined();
  expect(tls.client.unreadBytes + tls.server.unreadBytes).toBe(0);
});

test('what is not TLS is counted, not guessed at', () => {
  const stray = { clientToServer: Buffer.from('GET / HTTP/1.1\r\n\r\n'), serverToClient: Buffer.alloc(0) };
  const tls = decryptTls13(stray, '');
  expect(tls.client).toEqual({ sentBytes: 18, unreadBytes: 18, cutTailBytes: 0 });
});

const EMPTY = emptyRecording();

function emptyRecording(): { clientToServer: Buffer; serverToClient: Buffer } {
  return { clientToServer: Buffer.alloc(0), serverToClient: Buffer.alloc(0) };
}

/** Is this `text0`, `text1`, `text2` ..., the last line perhaps unfinished? */
function expectRun(sent: string, text: string): void {
  const lines = sent.split('\n');
  const whole = lines.slice(0, -1);
  expect(whole).toEqual(whole.map((_, at) => `${text}${at}`));
  expect(`${text}${whole.length}`.startsWith(lines.at(-1) ?? '')).toBe(true);
}

async function recorded(isEnough: () => boolean): Promise<void> {
  while (!isEnough()) await new Promise((resolve) => setTimeout(resolve, 5));
}
