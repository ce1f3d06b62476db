import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { trafficExportCommand } from '../../cloud/cli/traffic.command.ts';
import { openCaptures } from '../../cloud/composition/open-captures.ts';
import { installedCloud } from '../support/cloud/installed-cloud.ts';
import { type Border, createBorder, putParcel, SYSTEM_CLOCK } from './support/border.ts';
import { ask, dial } from './support/captured-tls.ts';
import { openTestCapture } from './support/captures.ts';
import { writeExporterConfig, writeReceiverConfig } from './support/configs.ts';
import { fetched } from './support/fetched.ts';
import { fetchedUnderNewKeys, updatedKeys } from './support/key-update.ts';
import { readTraffic, returned, startExporter, startReceiver } from './support/running.ts';
import { dissect, TSHARK } from './support/tshark.ts';

/** Numbers of connections made by hand; the exporter's own are entries of its log and far below. */
const BY_HAND = {
  first: 101,
  resumed: 102,
  over6: 103,
  aborted: 104,
  updated: 105,
  fetched: 200,
  fetchedOver6: 210,
  fetchedResumed: 221,
  fetchedAborted: 230,
  fetchedUpdated: 240,
} as const;
const BODY = 'the battery of nobody in particular\n';

let border: Border;
let seen: ReturnType<typeof dissect>;
let rows: readonly Readonly<Record<string, unknown>>[];
const records = new Map<number, Readonly<Record<string, unknown>>>();

beforeAll(async () => {
  if (TSHARK === undefined) return;
  border = await createBorder();
  await pushParcel();
  rows = readTraffic(border)
    .filter(({ kind }) => kind === 'connection')
    .map(({ document }) => document);
  await connectionsByHand();
  seen = dissect(await exported());
});
afterAll(() => border?.remove());

async function pushParcel(): Promise<void> {
  const receiver = await startReceiver(writeReceiverConfig(border));
  const endpoint = `https://127.0.0.1:${receiver.port}`;
  const exporter = startExporter(writeExporterConfig(border, endpoint));
  putParcel(border, {
    id: 't-1',
    endpoint,
    files: { 'a.ndjson': Buffer.from(BODY), 'b.bin': Buffer.alloc(2_500_000, 'b') },
  });
  await returned(border, 't-1');
  await exporter.stop();
  await receiver.stop();
}

async function connectionsByHand(): Promise<void> {
  const capture = openTestCapture(border, { segmentBytes: 65_536 });
  const keep = async (ending: ReturnType<Awaited<ReturnType<typeof dial>>['end']>): Promise<void> => {
    const ended = await ending;
    if (!ended.ok) throw new Error(ended.fault.code);
    records.set(ended.value.connection, ended.value);
  };
  const servers = await Promise.all(['127.0.0.1', '::1'].map(startServer));
  const [over4, over6] = servers.map((server) => (server.address() as AddressInfo).port);

  const first = await dial(capture, border, { host: '127.0.0.1', port: over4 ?? 0, number: BY_HAND.first });
  const session = once(first.secure, 'session').then(([bytes]) => bytes as Buffer);
  await ask(first.secure, '/first', BODY);
  const ticket = await session;
  await keep(first.end());
  const resumed = await dial(capture, border, {
    host: '127.0.0.1',
    port: over4 ?? 0,
    number: BY_HAND.resumed,
    session: ticket,
  });
  await ask(resumed.secure, '/resumed');
  expect(resumed.secure.isSessionReused()).toBe(true);
  await keep(resumed.end());
  const six = await dial(capture, border, { host: '::1', port: over6 ?? 0, number: BY_HAND.over6 });
  await ask(six.secure, '/six', BODY.repeat(2_000));
  await keep(six.end());
  const aborted = await dial(capture, border, { host: '127.0.0.1', port: over4 ?? 0, number: BY_HAND.aborted });
  await ask(aborted.secure, '/aborted');
  await keep(aborted.end(false));
  for (const server of servers) server.close();
  await keep(updatedKeys(capture, border, BY_HAND.updated));
  await keep(fetched({ capture, border, records }, { number: BY_HAND.fetched, path: '/parcel' }));
  await keep(fetched({ capture, border, records }, { number: BY_HAND.fetchedOver6, path: '/parcel6', host: '::1' }));
  await keep(
    fetched({ capture, border, records }, { number: BY_HAND.fetchedResumed, path: '/parcel-again', isResumed: true }),
  );
  await keep(
    fetched({ capture, border, records }, { number: BY_HAND.fetchedAborted, path: '/parcel-aborted', isAborted: true }),
  );
  await keep(fetchedUnderNewKeys(capture, border, BY_HAND.fetchedUpdated));
  capture.close();
}

async function startServer(host: string): Promise<Server> {
  const { certificate: cert, key } = border.recipient;
  const server = createServer({ cert, key, minVersion: 'TLSv1.3' }, (request, response) => {
    request.resume();
    request.once('end', () => response.end('taken'));
  });
  server.listen(0, host);
  await once(server, 'listening');
  return server;
}

async function exported(): Promise<string> {
  const out = join(border.root, 'out.pcapng');
  const keyFile = join(border.root, 'capture.key');
  writeFileSync(keyFile, border.captureKey.export({ type: 'pkcs8', format: 'pem' }));
  const { config, access } = installedCloud(SYSTEM_CLOCK.now(), {}, join(border.root, 'cloud'));
  const lines: string[] = [];
  const io = {
    out: (line: string) => lines.push(line),
    err: (line: string) => lines.push(line),
    clock: SYSTEM_CLOCK,
    environment: {},
    open: openCaptures,
    access: access('traffic', { command: 'traffic export' }),
  };
  const selection = {
    from: undefined,
    to: undefined,
    cidr: undefined,
    transfer: undefined,
    index: undefined,
    json: true,
  };
  const args = { ...selection, config, directory: border.captures, keyFile, out, reason: 'test' };
  const status = await trafficExportCommand(args, io);
  if (status !== 0) throw new Error(lines.join('\n'));
  return out;
}

describe.skipIf(TSHARK === undefined)('tshark reads an exported file with nothing beside it (needs tshark)', () => {
  const http = () =>
    seen.packets.filter((packet) => packet['http.request.uri'] !== '' || packet['http.response.code'] !== '');
  const uris = () =>
    http()
      .map((packet) => packet['http.request.uri'])
      .filter((uri) => uri !== '');

  test('requests, answers and bodies are in clear: push and fetched, resumed, over IPv6, broken off, after new keys', () => {
    expect(uris()).toEqual(
      expect.arrayContaining(['/first', '/resumed', '/six', '/aborted', '/before', '/after', '/parcel', '/parcel6']),
    );
    expect(uris()).toEqual(expect.arrayContaining(['/parcel-again', '/parcel-aborted']));
    expect(uris()).toEqual(expect.arrayContaining(['/fetched-before', '/fetched-after']));
    expect(uris()).toEqual(
      expect.arrayContaining([expect.stringMatching(/t-1\/files\/a\.ndjson$/), expect.stringMatching(/complete$/)]),
    );
    expect(http().map((packet) => packet['http.response.code'])).toEqual(expect.arrayContaining(['299', '298']));
    const bodies = seen.packets.map((packet) => packet['http.file_data']).filter((body) => body !== '');
    expect(bodies.some((body) => body.startsWith(BODY.trim()))).toBe(true);
  });

  test('no packet has a wrong checksum, and nothing of TCP looks strange', () => {
    expect(new Set(seen.packets.map((packet) => packet['tcp.checksum.status']))).toEqual(new Set(['1']));
    expect(new Set(seen.packets.map((packet) => packet['ip.checksum.status']))).toEqual(new Set(['1', '']));
    expect(seen.packets.filter((packet) => packet['tcp.analysis.flags'] !== '')).toEqual([]);
  });

  test('each connection names its transfer and its entry of the traffic log', () => {
    const comments = seen.packets.map((packet) => packet['frame.comment']).filter((comment) => comment !== '');
    expect(comments).toHaveLength(records.size + rows.length);
    expect(comments).toContain('transfer t-1, entry 2 of the traffic log');
  });

  test('what was broken off ends with RST, what was not with FIN', () => {
    const lastFlags = (port: unknown) =>
      seen.packets
        .filter((one) => one['tcp.srcport'] === String(port))
        .map((one) => Number(one['tcp.flags']))
        .at(-1);
    expect(lastFlags(records.get(BY_HAND.aborted)?.['ownPort'])).toBe(0x14);
    expect(lastFlags(records.get(BY_HAND.first)?.['ownPort'])).toBe(0x11);
  });
});

describe.skipIf(TSHARK === undefined)('its own statistics are our figures, row by row (needs tshark)', () => {
  const conversationOf = (ownPort: unknown, peerPort: unknown) => {
    const [own, peer] = [`:${ownPort}`, `:${peerPort}`];
    const found = seen.conversations.find(
      ({ a, b }) => (a.endsWith(own) && b.endsWith(peer)) || (a.endsWith(peer) && b.endsWith(own)),
    );
    if (found === undefined) throw new Error('a conversation');
    const isFirst = found.a.endsWith(own);
    return {
      sent: isFirst ? found.framesToB : found.framesToA,
      received: isFirst ? found.framesToA : found.framesToB,
      shown: isFirst ? [found.bytesToB, found.bytesToA] : [found.bytesToA, found.bytesToB],
      found,
    };
  };
  const bytesOf = (own: unknown, peer: unknown) => {
    const streamsOf = (port: unknown) =>
      seen.packets.filter((one) => one['tcp.srcport'] === String(port)).map((one) => one['tcp.stream']);
    // A server's port is in the streams of all who fetched from it.
    const ofPeer = new Set(streamsOf(peer));
    const stream = streamsOf(own).find((one) => ofPeer.has(one));
    const of = (source: unknown, port: unknown) => {
      const packets = seen.packets.filter(
        (one) => one['tcp.stream'] === stream && one['tcp.srcport'] === String(source) && port !== source,
      );
      const sum = (field: 'frame.len' | 'tcp.len') => packets.reduce((total, one) => total + Number(one[field]), 0);
      return {
        frames: sum('frame.len'),
        payload: sum('tcp.len'),
        times: packets.map((one) => Math.round(Number(one['frame.time_epoch']) * 1_000)),
      };
    };
    return { sent: of(own, peer), received: of(peer, own) };
  };

  /** As tshark prints a volume: whole kB from 10,000 bytes on. The bytes themselves are summed up below. */
  const asShown = (bytes: unknown) =>
    Number(bytes) < 10_000 ? `${bytes} bytes` : `${Math.floor(Number(bytes) / 1_000)} kB`;

  test('there is a row for each, and none beside', () => {
    expect(seen.conversations).toHaveLength(records.size + rows.length);
  });

  test('of the traffic log: packets, bytes, start and end', () => {
    expect(rows).toHaveLength(1);
    for (const row of rows) {
      const capture = row['capture'] as Readonly<Record<string, number>>;
      const { sent, received, shown, found } = conversationOf(row['sourcePort'], row['destinationPort']);
      expect([sent, received]).toEqual([capture['packetsSent'], capture['packetsReceived']]);
      expect(shown).toEqual([capture['frameBytesSent'], capture['frameBytesReceived']].map(asShown));
      expect(found.durationSeconds).toBeCloseTo(Number(row['durationMs']) / 1_000, 3);
      const bytes = bytesOf(row['sourcePort'], row['destinationPort']);
      expect(bytes.sent.payload + bytes.received.payload).toBe(row['dataVolumeBytes']);
      expect([bytes.sent.payload, bytes.received.payload]).toEqual([row['bytesSent'], row['bytesReceived']]);
      expect([bytes.sent.frames, bytes.received.frames]).toEqual([
        capture['frameBytesSent'],
        capture['frameBytesReceived'],
      ]);
      const times = [...bytes.sent.times, ...bytes.received.times];
      expect([Math.min(...times), Math.max(...times)]).toEqual([capture['startMs'], capture['endMs']]);
    }
  });

  test.each(Object.entries(BY_HAND))('of the connection %s', (_, number) => {
    const record = records.get(number) ?? {};
    const { sent, received, shown, found } = conversationOf(record['ownPort'], record['peerPort']);
    expect([sent, received]).toEqual([record['packetsSent'], record['packetsReceived']]);
    expect(shown).toEqual([record['frameBytesSent'], record['frameBytesReceived']].map(asShown));
    expect(found.durationSeconds).toBeCloseTo((Number(record['endMs']) - Number(record['startMs'])) / 1_000, 3);
    const bytes = bytesOf(record['ownPort'], record['peerPort']);
    expect([bytes.sent.payload, bytes.received.payload]).toEqual([record['bytesSent'], record['bytesReceived']]);
    expect([bytes.sent.frames, bytes.received.frames]).toEqual([
      record['frameBytesSent'],
      record['frameBytesReceived'],
    ]);
  });
});
