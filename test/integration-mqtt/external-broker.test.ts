import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { attachToBroker, type ExternalMqttSettings } from '../../cloud/adapters/external-mqtt.ts';
import type { CloudStores } from '../../cloud/composition/open-stores.ts';
import { aheadOf, createGateway } from '../../cloud/gateway.ts';
import type { Stores } from '../../cloud/ingest/group-commit.ts';
import type { GroupAcknowledgement } from '../../cloud/ingest/sort-out.ts';
import { provenOnly } from '../../cloud/ingest/verify-ahead.ts';
import { decodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { downlinkTopic, uplinkTopic } from '../../proto/words/topics.ts';
import { speedsOf } from '../support/cloud/arrivals.ts';
import { NOW, seal } from '../support/cloud/batches.ts';
import { type TestDevice, testDevice } from '../support/cloud/devices.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { until } from '../support/cloud/until.ts';
import { type Mosquitto, testMosquitto, whyNoMosquitto } from '../support/mosquitto/mosquitto.ts';

const why = whyNoMosquitto();

describe.skipIf(why !== undefined)(
  `a broker of somebody else's, mosquitto (needs \`make integration\`: ${why ?? 'it runs'})`,
  () => {
    const directory = mkdtempSync(join(tmpdir(), 'tongguan-mosquitto-'));
    const [known, stranger] = [testDevice(1), testDevice(2)];
    const refused: string[] = [];
    const open: (() => unknown)[] = [() => rmSync(directory, { recursive: true, force: true })];
    let broker: Mosquitto;
    let stores: CloudStores;
    let isDiskFull = false;

    const settings = (worker: string): ExternalMqttSettings => ({
      ...{ url: broker.url, protocol: '5', share: 'tongguan', worker, connections: 2, tls: {} },
    });

    const attach = async (worker: string): Promise<void> => {
      let tell: ((told: GroupAcknowledgement) => void) | undefined;
      const failing: Stores = {
        ...stores,
        ledger: {
          ...stores.ledger,
          commit: (commit) => {
            if (isDiskFull) throw new Error('disk full');
            stores.ledger.commit(commit);
          },
        },
      };
      const inner = createGateway({
        stores: failing,
        clock: { now: () => NOW },
        onDurable: (told) => tell?.(told),
        onAlert: () => undefined,
        onFault: () => undefined,
      });
      const gateway = aheadOf({
        ...inner,
        receive: provenOnly(inner.receive, () => refused.push('signature')),
      });
      const attached = await attachToBroker(settings(worker), {
        find: stores.register.find,
        onPayload: gateway.receive,
        onRefused: (reason) => refused.push(reason),
        devices: () => [known.registered.device],
      });
      if (!attached.ok) throw new Error(attached.fault.problem.en);
      tell = attached.value.acknowledge;
      attached.value.sendPolicy(new Uint8Array([1, 2, 3]));
      open.push(attached.value.close);
    };

    /** A vehicle that does not know what broker it speaks to, nor who listens there. */
    const vehicle = async (device: TestDevice, heard: Buffer[]): Promise<MqttClient> => {
      const client = await mqtt.connectAsync(broker.url, { protocolVersion: 4, reconnectPeriod: 0 });
      open.push(() => client.endAsync(true));
      client.on('message', (_topic, payload) => heard.push(payload));
      await client.subscribeAsync(downlinkTopic(device.registered.device));
      return client;
    };

    const acknowledged = (heard: readonly Buffer[]): readonly (readonly [number, number])[] =>
      heard.flatMap((bytes) => {
        const told = decodeAcknowledgement(bytes);
        return !told.ok ? [] : told.value.ranges.map(({ firstSequence, count }) => [firstSequence, count] as const);
      });

    beforeAll(async () => {
      broker = await testMosquitto(join(directory, 'broker'));
      await broker.start();
      open.push(broker.stop);
      stores = openStores(directory, [known]);
      open.push(stores.close);
      await attach('first');
      await attach('second');
    });

    afterAll(async () => {
      for (const close of open.reverse()) await close();
    });

    test('workers share what vehicles send: each frame is stored once and acknowledged over the downlink', async () => {
      const heard: Buffer[] = [];
      const client = await vehicle(known, heard);
      for (let from = 0; from < 100; from += 5)
        await client.publishAsync(
          uplinkTopic(known.registered.device),
          Buffer.from(seal(speedsOf(from, from + 5), known.key)),
          { qos: 1 },
        );
      await until(() => acknowledged(heard).length === 20);
      expect(stores.ledger.extents(1, 11)).toEqual([[0, 100]]);
      expect(stores.ledger.totals()).toMatchObject({ framesAdmitted: 100, duplicates: 0 });
      expect(heard.some((bytes) => bytes.equals(Buffer.from([1, 2, 3])))).toBe(true);
    });

    test('what its own key did not sign is neither kept nor acknowledged, nor held against the device', async () => {
      const heard: Buffer[] = [];
      const client = await vehicle(known, heard);
      const forged = Buffer.from(seal(speedsOf(500, 505), stranger.key));
      await client.publishAsync(uplinkTopic(known.registered.device), forged, { qos: 1 });
      await client.publishAsync(uplinkTopic(stranger.registered.device), forged, { qos: 1 });
      await until(() => refused.includes('signature') && refused.includes('device-unknown'));
      expect(acknowledged(heard)).toEqual([]);
      expect(stores.quarantine.count()).toBe(0);
      expect(stores.register.trustOf(1)).toBe('trusted');
    });

    test('what could not be stored the broker sends again, and what it lost the vehicle does', async () => {
      const heard: Buffer[] = [];
      const client = await vehicle(known, heard);
      isDiskFull = true;
      const topic = uplinkTopic(known.registered.device);
      await client.publishAsync(topic, Buffer.from(seal(speedsOf(100, 105), known.key)), { qos: 1 });
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(acknowledged(heard)).toEqual([]);
      isDiskFull = false;
      await until(() => acknowledged(heard).length === 1);
      await broker.stop();
      await broker.start();
      // What a broker lost the vehicle still has: it deletes nothing before the downlink has told it to.
      const later = await vehicle(known, heard);
      const payload = Buffer.from(seal(speedsOf(105, 110), known.key));
      const again = setInterval(() => later.publish(topic, payload, { qos: 1 }), 500);
      await until(() => stores.ledger.totals().framesAdmitted === 110);
      clearInterval(again);
      expect(stores.ledger.extents(1, 11)).toEqual([[0, 110]]);
    });
  },
);
