import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mqtt, { type MqttClient } from 'mqtt';
import { afterAll, describe, expect, onTestFinished, test } from 'vitest';
import { decodeAcknowledgement } from '../../proto/codec/control-codec.ts';
import { downlinkTopic, uplinkTopic } from '../../proto/words/topics.ts';
import { batchOf, cellFrame, seal, signalFrame, tripRow } from '../support/cloud/batches.ts';
import type { ConnectingDevice } from '../support/cloud/certificates.ts';
import { fillable } from '../support/cloud/fillable.ts';
import { deviceAt } from '../support/cloud/ingress.ts';
import { connectPacket, dial, publishPacket, TYPE } from '../support/cloud/raw-mqtt.ts';
import { QUARANTINED, type QuarantineRow, RECORDS, type RecordRow, rowsIn } from '../support/cloud/rows.ts';
import { serveGateway } from '../support/cloud/served.ts';
import { until } from '../support/cloud/until.ts';

const directory = mkdtempSync(join(tmpdir(), 'tongguan-mqtt-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const disk = fillable();
const cloud = await serveGateway({
  directory,
  devices: 6,
  between: disk.between,
});

const rowsOf = (by: ConnectingDevice, zone: 'personal' | 'geographic'): readonly number[] =>
  rowsIn<RecordRow>(directory, zone, RECORDS)
    .filter((row) => row.device === numberOf(by))
    .map(({ sequence }) => sequence);

const numberOf = (by: ConnectingDevice): number => cloud.stores.register.find(by.registered.device)?.number ?? 0;

interface Vehicle {
  readonly client: MqttClient;
  readonly by: ConnectingDevice;
  /** Ranges of all acknowledgements heard, as `first+count`, with `q` when they went to quarantine. */
  readonly heard: string[];
}

async function vehicle(at: number): Promise<Vehicle> {
  const by = deviceAt(cloud, at);
  const { certificate: cert, key } = by.identity;
  const client = mqtt.connect(cloud.url, { protocolVersion: 4, reconnectPeriod: 0, ca: cloud.authority, cert, key });
  onTestFinished(() => {
    client.end(true);
  });
  const heard: string[] = [];
  client.on('message', (_topic, payload) => {
    const decoded = decodeAcknowledgement(payload);
    if (!decoded.ok) throw new Error(decoded.fault.where);
    for (const { firstSequence, count, quarantined } of decoded.value.ranges)
      heard.push(`${firstSequence}+${count}${quarantined ? 'q' : ''}`);
  });
  await client.subscribeAsync(downlinkTopic(by.registered.device));
  return { client, by, heard };
}

const send = ({ client, by }: Vehicle, payload: Uint8Array): Promise<unknown> =>
  client.publishAsync(uplinkTopic(by.registered.device), Buffer.from(payload), { qos: 1 });

describe('from the socket to the zones', () => {
  test('PUBACK says that the frames are in their zones, and the downlink says which', async () => {
    const car = await vehicle(0);
    await send(car, seal(batchOf([signalFrame(), cellFrame(), tripRow()]), car.by.key));
    expect(rowsOf(car.by, 'personal')).toEqual([0, 2]);
    expect(rowsOf(car.by, 'geographic')).toEqual([1]);
    await until(() => car.heard.length > 0);
    expect(car.heard).toEqual(['0+3']);
  });

  test('the same batch over all qualities of service, from two connections at once, is stored once', async () => {
    const [one, two] = [await vehicle(1), await vehicle(1)];
    const payload = seal(batchOf([signalFrame(), signalFrame()]), one.by.key);
    const topic = uplinkTopic(one.by.registered.device);
    await Promise.all(
      [one, two].flatMap(({ client }) =>
        ([0, 1, 2] as const).map((qos) => client.publishAsync(topic, Buffer.from(payload), { qos })),
      ),
    );
    await until(() => one.heard.length >= 6);
    expect(rowsOf(one.by, 'personal')).toEqual([0, 1]);
  });

  test('what is refused is answered, kept, told and alerted, and is in no zone', async () => {
    const car = await vehicle(2);
    await send(car, seal(batchOf([cellFrame({ sizeM: 1_000 })], { firstSequence: 40 }), car.by.key));
    await send(car, Buffer.from('{"speed":42}'));
    await until(() => car.heard.length > 0);
    expect(car.heard).toEqual(['40+1q']);
    const kept = rowsIn<QuarantineRow>(directory, 'quarantine', QUARANTINED).filter(
      (row) => row.device === numberOf(car.by),
    );
    expect(kept.map(({ reason }) => reason).sort()).toEqual(['CELL_NOT_ON_GRID', 'FRAME_SCHEMA']);
    expect(rowsOf(car.by, 'geographic')).toEqual([]);
    expect(cloud.alerts).toContainEqual({ device: car.by.registered.device, code: 'CELL_NOT_ON_GRID' });
  });

  test("a batch of another device on one's own topic is refused: the VIN is that of the certificate", async () => {
    const [liar, victim] = [await vehicle(2), deviceAt(cloud, 5)];
    await send(liar, seal(batchOf([signalFrame()]), victim.key));
    expect(cloud.alerts).toContainEqual({ device: liar.by.registered.device, code: 'SIGNATURE_INVALID' });
    expect(rowsOf(victim, 'personal')).toEqual([]);
    expect(rowsOf(liar.by, 'personal')).toEqual([]);
  });

  test('a full store: no PUBACK, the connection ends, the operator is told; then what is sent again counts once', async () => {
    const by = deviceAt(cloud, 3);
    const payload = seal(batchOf([signalFrame(), signalFrame()]), by.key);
    const before = cloud.stores.ledger.totals().framesAdmitted;
    disk.fill(true);
    const raw = await dial(cloud, by.identity);
    raw.write(connectPacket());
    await raw.next(TYPE.connack);
    raw.write(publishPacket(uplinkTopic(by.registered.device), payload, 1, 1));
    await raw.closed;
    disk.fill(false);
    expect(raw.received).toEqual([]);
    expect(cloud.faults.map(({ code }) => code)).toEqual(['STORE_UNAVAILABLE']);
    const car = await vehicle(3);
    await send(car, payload);
    await until(() => car.heard.length > 0);
    expect(car.heard).toEqual(['0+2']);
    expect(rowsOf(by, 'personal')).toEqual([0, 1]);
    expect(cloud.stores.ledger.totals().framesAdmitted - before).toBe(2);
  });
});
