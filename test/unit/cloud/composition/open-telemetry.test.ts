import { writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Fastify from 'fastify';
import { assert, describe, expect, onTestFinished, test } from 'vitest';
import { addressList } from '../../../../cloud/access/cidr.ts';
import { SPANS_WAITING_MAX } from '../../../../cloud/adapters/otlp-telemetry.ts';
import { ACCESS } from '../../../../cloud/api/access.table.ts';
import { serveProbes } from '../../../../cloud/api/probe-routes.ts';
import { openTelemetry } from '../../../../cloud/composition/open-telemetry.ts';
import { TelemetryConfig } from '../../../../cloud/config/telemetry-config.ts';
import { createGateway } from '../../../../cloud/gateway.ts';
import type { Figures, Telemetry } from '../../../../cloud/ports/telemetry.ts';
import { permitted } from '../../../../cloud/telemetry/permitted.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { batchOf, NOW, seal, signalFrame } from '../../../support/cloud/batches.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';
import { testDevice } from '../../../support/cloud/devices.ts';
import { scratchDirectory, scratchStores } from '../../../support/cloud/stores.ts';

const SECRETS = {
  vin: 'LSVAA49E0N2000017',
  tag: 'tag-9f8e7d6c',
  account: 'wang.fang',
  position: '31.230416,121.473701',
};
const FIGURES: Figures = {
  devices: { help: 'registered devices', of: 3 },
  // A part that should never have been a label.
  zone_records: { help: 'records by zone', of: { general: 5, [SECRETS.vin]: 7 } },
};

interface Received {
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly text: string;
}

/** A collector that listens for real. @param status - what it answers; undefined never does */
async function collector(
  status: number | undefined = 200,
  create: (listener: RequestListener) => Server | ReturnType<typeof createTlsServer> = createServer,
  host = '127.0.0.1',
) {
  const received: Received[] = [];
  const server = create((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      received.push({ url: request.url ?? '', headers: request.headers, text: Buffer.concat(chunks).toString() });
      if (status !== undefined) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { port: (server.address() as AddressInfo).port, received };
}

function open(telemetry: object | undefined, over: { readonly mainland?: string[]; readonly directory?: string } = {}) {
  const { mainland, directory = '' } = over;
  const told: string[] = [];
  const loads: string[] = [];
  const config = {
    ...(telemetry && { telemetry: TelemetryConfig.parse(telemetry) }),
    ...(mainland && { access: { mainland } as never }),
  };
  const around = { clock: { now: () => NOW as Instant }, err: (line: string) => void told.push(line) };
  const missing = (name: string): never => {
    loads.push(name);
    throw new Error('not installed');
  };
  const loaded = { config: config as never, path: (file: string) => join(directory, file) };
  return {
    told,
    loads,
    start: () => openTelemetry(loaded, around),
    without: () => openTelemetry(loaded, around, missing),
  };
}

async function started(telemetry: object, over: Parameters<typeof open>[1] = {}) {
  const { start, told } = open(telemetry, over);
  const opened = start();
  assert(opened.ok, JSON.stringify(opened));
  return { telemetry: opened.value, told };
}

/** Everything of a payload that the list does not let out. */
function outside(text: string): readonly string[] {
  const found: string[] = [];
  const look = (value: unknown, key: string): void => {
    if (Array.isArray(value)) for (const one of value) look(one, key);
    else if (isAttribute(value)) {
      const { stringValue, intValue } = value.value;
      const said = { [value.key]: stringValue ?? Number(intValue) };
      const isService = value.key === 'service.name' && stringValue === 'tongguan-cloud';
      if (!isService && !(value.key in permitted(said))) found.push(JSON.stringify(said));
    } else if (typeof value === 'object' && value !== null)
      for (const [name, part] of Object.entries(value)) look(part, name);
    else if (typeof value === 'string' && FORMS[key]?.test(value) !== true) found.push(`${key}: ${value}`);
  };
  look(JSON.parse(text), '');
  return found;
}

const isAttribute = (value: unknown): value is { key: string; value: { stringValue?: string; intValue?: number } } =>
  typeof value === 'object' && value !== null && 'key' in value && 'value' in value;

/** Texts of OTLP that are no attribute, by their key. */
const FORMS: Readonly<Record<string, RegExp>> = {
  name: /^(tongguan|http\.request|ingest\.commit|tongguan_[a-z_]+)$/,
  description: /^(|registered devices|records by zone)$/,
  unit: /^s?$/,
  version: /^$/,
  traceId: /^[0-9a-f]{32}$/,
  spanId: /^[0-9a-f]{16}$/,
  timeUnixNano: /^\d{19}$/,
  startTimeUnixNano: /^\d{19}$/,
  endTimeUnixNano: /^\d{19}$/,
};

/** Requests over a real listener of Fastify and a commit over real stores, each with what must not be told. */
async function traffic(telemetry: Telemetry): Promise<void> {
  const server = Fastify();
  const metrics = { type: '', text: async () => '', observe: () => undefined };
  serveProbes(server, { from: addressList([]), metrics, telemetry, isReady: () => true });
  server.get('/api/v1/registers/:kind/:id', async () => ({ vin: SECRETS.vin }));
  const { vin, tag, account, position } = SECRETS;
  await server.inject({ url: `/api/v1/registers/principal/${account}?at=${position}&vin=${vin}` });
  await server.inject({
    url: `/${vin}/${tag}`,
    headers: { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` },
  });
  await server.inject({ method: 'PROPFIND', url: '/api/v1/none' } as never);
  await server.close();
  const device = testDevice(1);
  const gateway = createGateway({
    stores: scratchStores([device]),
    clock: { now: () => NOW as Instant },
    onDurable: () => undefined,
    onAlert: () => undefined,
    onFault: () => undefined,
    onCommit: telemetry.commit,
  });
  gateway.receive(device.registered, seal(batchOf([signalFrame()]), device.key), () => undefined);
  gateway.flush();
}

describe('what a collector gets', () => {
  test('is metrics and spans of the list, and nothing else', async () => {
    const { port, received } = await collector();
    const { telemetry, told } = await started({ url: `http://127.0.0.1:${port}` });
    telemetry.watch(() => FIGURES);
    await traffic(telemetry);
    telemetry.request(`/${SECRETS.vin}`, SECRETS.account, 200, 0.1);
    await telemetry.close();
    expect(received.map(({ url }) => url).sort()).toEqual(['/v1/metrics', '/v1/traces']);
    expect(received.flatMap(({ text }) => outside(text))).toEqual([]);
    const all = JSON.stringify(received);
    for (const secret of [...Object.values(SECRETS), 'ab'.repeat(16), 'cd'.repeat(8)])
      expect(all).not.toContain(secret);
    for (const said of [
      '/api/v1/registers/:kind/:id',
      '"4xx"',
      '"2xx"',
      'ingest.commit',
      'tongguan_devices',
      '"general"',
    ])
      expect(all.replaceAll('\\"', '"')).toContain(said);
    expect(told).toEqual([]);
  });

  test('names every route of the API', () => {
    const routes = Object.keys(ACCESS).map((row) => `/api/v1${row.split(' ')[1]}`);
    expect(routes.filter((route) => permitted({ 'http.route': route })['http.route'] !== route)).toEqual([]);
  });

  test('goes over TLS to the address of the configuration, whatever the name leads to', async () => {
    const authority = await createAuthority('Test Authority');
    const { certificate, key } = await authority.issue('localhost', 'server');
    const tls = { cert: certificate, key };
    const { port, received } = await collector(200, (listener) => createTlsServer(tls, listener), '127.0.0.2');
    const directory = scratchDirectory();
    writeFileSync(join(directory, 'ca.pem'), authority.certificate);
    const to = { url: `https://localhost:${port}`, address: '127.0.0.2', authorityFile: 'ca.pem' };
    const { telemetry, told } = await started(to, { directory });
    telemetry.watch(() => FIGURES);
    await telemetry.close();
    expect([received.length, told]).toEqual([1, []]);
    const stranger = await createAuthority('Other Authority');
    writeFileSync(join(directory, 'ca.pem'), stranger.certificate);
    const refused = await started(to, { directory });
    refused.telemetry.watch(() => FIGURES);
    await refused.telemetry.close();
    expect(received).toHaveLength(1);
  });
});

describe('a collector that', () => {
  test('refuses is told of once for each signal', async () => {
    const { port, received } = await collector(400);
    const { telemetry, told } = await started({ url: `http://127.0.0.1:${port}` });
    telemetry.watch(() => FIGURES);
    for (let count = 0; count < 600; count += 1) telemetry.request('/healthz', 'GET', 200, 0.001);
    await telemetry.close();
    expect(received.length).toBeGreaterThan(3);
    expect(told.sort()).toEqual([
      'cloud: telemetry: the collector does not take metrics; what it misses is dropped',
      'cloud: telemetry: the collector does not take traces; what it misses is dropped',
    ]);
  });

  test('never answers holds up nobody, and what waits for it is bounded', async () => {
    const { port, received } = await collector(undefined);
    const { telemetry } = await started({ url: `http://127.0.0.1:${port}` });
    telemetry.watch(() => FIGURES);
    for (let count = 0; count < 3 * SPANS_WAITING_MAX; count += 1) telemetry.request('/healthz', 'GET', 200, 0.001);
    await telemetry.close();
    const spans = received.flatMap(({ text }) => text.match(/"http\.request"/g) ?? []).length;
    expect(spans).toBeLessThanOrEqual(SPANS_WAITING_MAX);
  });

  test('is not there, and figures that throw, stop nothing', async () => {
    const { telemetry } = await started({ url: 'http://127.0.0.1:9' });
    telemetry.watch(() => {
      throw new Error(SECRETS.vin);
    });
    telemetry.request('/healthz', 'GET', 200, Number.NaN);
    telemetry.commit({ payloads: -1, ms: Number.NaN, isStored: false });
    await telemetry.close();
  });
});

describe('nothing is sent', () => {
  const remote = { url: 'https://collector.example', address: '192.0.2.7', authorityFile: 'ca.pem' };

  test('where nothing is configured: nothing is loaded either', async () => {
    const { without, loads } = open(undefined);
    const opened = without();
    assert(opened.ok);
    opened.value.request('/healthz', 'GET', 200, 1);
    await opened.value.close();
    expect(loads).toEqual([]);
  });

  test.each([undefined, [], ['198.51.100.0/24']])('to an address that is not known to be at home: %j', (mainland) => {
    const { without, loads } = open(remote, mainland && { mainland });
    expect(without()).toMatchObject({ ok: false, fault: { code: 'TELEMETRY_ABROAD' } });
    expect(loads).toEqual([]);
  });

  test('without the packages, and the fault names them', () => {
    const missing = open(remote, { mainland: ['192.0.2.0/24'] }).without();
    expect(missing).toMatchObject({ ok: false, fault: { code: 'TELEMETRY_LIBRARY_MISSING' } });
    expect(JSON.stringify(missing)).toContain('npm install @opentelemetry/');
  });

  test.each([
    {},
    { url: 'http://192.0.2.7' },
    { url: 'http://localhost:4318' },
    { url: 'http://127.0.0.1.example:4318' },
    { url: 'http://127.0.0.1:4318', address: '192.0.2.7' },
    { url: 'https://collector.example' },
    { ...remote, address: undefined },
    { ...remote, authorityFile: undefined },
    { ...remote, address: 'collector.example' },
    { ...remote, url: 'https://192.0.2.8' },
    { ...remote, url: 'https://user@collector.example' },
    { ...remote, url: 'https://collector.example?x=1' },
    { ...remote, headers: {} },
  ])('by a section that says %j', (section) => {
    expect(TelemetryConfig.safeParse(section).success).toBe(false);
  });
});
