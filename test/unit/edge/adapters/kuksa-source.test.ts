import { ServerCredentials } from '@grpc/grpc-js';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { createAuthority } from '../../../../bin/up/authority.ts';
import { type KuksaSource, subscribeToKuksa } from '../../../../edge/adapters/kuksa-source.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { type Subscriber, startKuksa } from '../../../support/edge/kuksa-server.ts';
import { recordSource } from '../../../support/edge/source-recorder.ts';

const NOW = Date.UTC(2026, 10, 20) as Instant;
const SPEED = 'Vehicle.Speed';
const MOVING = 'Vehicle.IsMoving';
const until = (check: () => void): Promise<void> => vi.waitFor(check, 20_000);

async function subscribe(address: string, change: Partial<KuksaSource> = {}) {
  const { seen, events } = recordSource();
  const settings = { address, paths: [SPEED, MOVING], intervalMs: 1_000, clock: { now: () => NOW }, ...change };
  const opened = await subscribeToKuksa(settings, events);
  if (!opened.ok) throw new Error(opened.fault.code);
  onTestFinished(() => opened.value.close());
  return { seen, source: opened.value };
}

const point = (ms: number, value: object): object => ({
  timestamp: { seconds: Math.floor((NOW + ms) / 1_000), nanos: ((NOW + ms) % 1_000) * 1e6 },
  value,
});

describe('a databroker', () => {
  test('is asked for the paths, and its updates become one frame an interval, dated by the provider', async () => {
    let asked: readonly string[] = [];
    let token: unknown;
    const { address } = await startKuksa((subscriber) => {
      asked = subscriber.request.signalPaths;
      [token] = subscriber.metadata.get('authorization');
      subscriber.write({ entries: { [SPEED]: point(100, { float: 42.5 }), [MOVING]: point(200, { bool: true }) } });
      subscriber.write({ entries: { [SPEED]: point(900, { uint64: 43 }) } });
      subscriber.write({ entries: { [SPEED]: point(1_000, { int64: -44 }) } });
    });
    const { seen, source } = await subscribe(address, { token: 'abc' });
    await until(() => expect(seen.frames.length).toBeGreaterThanOrEqual(1));
    await source.close();
    expect([asked, token]).toEqual([[SPEED, MOVING], 'Bearer abc']);
    expect(seen.frames).toEqual([
      { kind: 'signals', at: NOW + 900, signals: { [SPEED]: 43, [MOVING]: true } },
      { kind: 'signals', at: NOW + 1_000, signals: { [SPEED]: -44 } },
    ]);
    expect([seen.removed, seen.faults, seen.ended]).toEqual([{ 'signal-aggregated': 1 }, [], 0]);
  });

  test('may answer with what has no place in a frame: it is counted, or is no value at all', async () => {
    const { address } = await startKuksa((subscriber) => {
      subscriber.write({ entries: { [SPEED]: { value: { string: 'x'.repeat(257) } } } });
      subscriber.write({ entries: { [SPEED]: { value: { double: Number.NaN } } } });
      subscriber.write({ entries: { [SPEED]: { value: {} } } });
      subscriber.write({ entries: { [SPEED]: {} } });
      subscriber.write({ entries: { 'Vehicle.Other': point(0, { bool: true }) } });
      subscriber.write({ entries: { [SPEED]: { value: { string: 'ON' } } } });
    });
    const { seen, source } = await subscribe(address);
    await until(() => expect(seen.removed).toEqual({ 'signal-invalid': 3, 'signal-not-mapped': 1 }));
    await until(() => expect(seen.frames).toEqual([{ kind: 'signals', at: NOW, signals: { [SPEED]: 'ON' } }]));
    await source.close();
    expect(seen.malformed).toBe(0);
  });

  test('over TLS is known by its authority, and another one is refused', async () => {
    const authority = await createAuthority('vehicle', Date.now());
    const { certificatePem, keyPem } = await authority.issue({ commonName: 'databroker', isServer: true });
    const pair = { private_key: Buffer.from(keyPem), cert_chain: Buffer.from(certificatePem) };
    const answer = (subscriber: Subscriber): void => {
      subscriber.write({ entries: { [SPEED]: point(0, { float: 1 }) } });
    };
    const { port } = await startKuksa(answer, 0, ServerCredentials.createSsl(null, [pair]));
    const known = await subscribe(`localhost:${port}`, {
      intervalMs: 20,
      tls: { authority: authority.certificatePem },
    });
    await until(() => expect(known.seen.frames).toHaveLength(1));
    const stranger = await createAuthority('another', Date.now());
    const refused = await subscribe(`localhost:${port}`, { tls: { authority: stranger.certificatePem } });
    await until(() => expect(refused.seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
    expect(refused.seen.frames).toEqual([]);
  });

  test('that is not there, or ends the subscription, is told once and asked again', async () => {
    const first = await startKuksa(() => undefined);
    first.stop();
    const { seen } = await subscribe(first.address);
    await until(() => expect(seen.faults.map(({ code }) => code)).toEqual(['SOURCE_CONNECTION']));
    const subscribers: Subscriber[] = [];
    await startKuksa((subscriber) => {
      subscribers.push(subscriber);
      subscriber.write({ entries: { [SPEED]: point(subscribers.length * 1_000, { float: 1 }) } });
      if (subscribers.length === 1) subscriber.end();
    }, first.port);
    await until(() => expect(seen.frames.length).toBeGreaterThanOrEqual(2));
    expect(seen.faults.length).toBe(2);
  });
});
