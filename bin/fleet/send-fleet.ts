import mqtt, { type IClientOptions, type MqttClient } from 'mqtt';
import { deviceIdOf } from '../../proto/codec/device-id.ts';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Clock, Instant } from '../../proto/words/time.ts';
import { uplinkTopic } from '../../proto/words/topics.ts';
import { createLightVehicle, headUnder, type LightVehicle } from '../scenarios/light-vehicle.ts';
import { operatorOf } from '../scenarios/policies.ts';

export interface FleetSetting {
  readonly url: string;
  readonly tls: Pick<IClientOptions, 'ca' | 'cert' | 'key'>;
  /** 1 to `VEHICLES_MAX` of firmware-sim/fleet.ts. */
  readonly vehicles: number;
  /** So many connections carry the whole fleet, as a broker of somebody else's lets an account do. */
  readonly connections: number;
  /** Between two frames of one vehicle, milliseconds; 0: as fast as the broker acknowledges. */
  readonly everyMs: number;
  /** Frames of each vehicle. */
  readonly rounds: number;
  readonly seed: string;
}

export interface FleetCounts {
  readonly sent: number;
  readonly acknowledged: number;
  /** Frames whose connection had `IN_FLIGHT_MAX` unacknowledged until `LATE_MS_MAX` after they came due. */
  readonly skipped: number;
}

export interface FleetIo {
  readonly clock: Clock;
  readonly sleep: (ms: number) => Promise<void>;
  readonly isStopped: () => boolean;
  /** The fleet is there; nothing of it is sent before this is through. */
  readonly onReady?: (fleet: readonly LightVehicle[]) => void | Promise<void>;
  readonly onTick?: (counts: FleetCounts) => void;
}

/** Unacknowledged messages of one connection. */
export const IN_FLIGHT_MAX = 64;
/** A frame waits so long for room on its connection; nothing is made before it is sent, so that waiting takes no memory. */
export const LATE_MS_MAX = 5_000;
const CONNECT_MS_MAX = 10_000;
const TICK_MS = 50;

/** Every vehicle signs its own frames, and sends each at its turn: the fleet is spread evenly over the interval. */
export async function sendFleet(setting: FleetSetting, io: FleetIo): Promise<Result<FleetCounts, Fault>> {
  const fleet = fleetOf(setting, io.clock.now());
  await io.onReady?.(fleet);
  const pool = await openPool(setting);
  if (!pool.ok) return pool;
  const lines = pool.value.map((client) => ({ client, inFlight: 0 }));
  let [sent, acknowledged, skipped, turn] = [0, 0, 0, 0];
  const topics = fleet.map(({ publicKey }) => uplinkTopic(deviceIdOf(publicKey)));
  const sendOne = (index: number): boolean => {
    const [vehicle, topic, line] = [fleet[index], topics[index], lines[index % lines.length]];
    if (vehicle === undefined || topic === undefined || line === undefined || line.inFlight >= IN_FLIGHT_MAX)
      return false;
    line.inFlight += 1;
    sent += 1;
    line.client.publish(topic, vehicle.seal([vehicle.report(io.clock.now())]) as Buffer, { qos: 1 }, (cause) => {
      line.inFlight -= 1;
      if (cause == null) acknowledged += 1;
    });
    return true;
  };
  const [from, all] = [io.clock.now(), setting.vehicles * setting.rounds];
  const lateMost = setting.everyMs === 0 ? all : (LATE_MS_MAX / setting.everyMs) * setting.vehicles;
  while (turn < all && !io.isStopped()) {
    const due = setting.everyMs === 0 ? all : dueAt(io.clock.now() - from, setting);
    for (; turn < Math.min(due, all); turn += 1) {
      if (sendOne(turn % setting.vehicles)) continue;
      if (due - turn <= lateMost) break;
      skipped += 1;
    }
    io.onTick?.({ sent, acknowledged, skipped });
    await io.sleep(setting.everyMs === 0 ? 0 : TICK_MS);
  }
  for (const until = io.clock.now() + CONNECT_MS_MAX; acknowledged < sent && io.clock.now() < until; )
    await io.sleep(TICK_MS);
  await Promise.all(lines.map(({ client }) => client.endAsync(acknowledged < sent)));
  return ok({ sent, acknowledged, skipped });
}

/** Frames that are due after so long: the n-th of a fleet of N comes n/N of the interval after the first. */
function dueAt(elapsedMs: number, { everyMs, vehicles }: FleetSetting): number {
  return Math.floor((elapsedMs / everyMs) * vehicles) + 1;
}

function fleetOf({ seed, vehicles }: FleetSetting, now: Instant): readonly LightVehicle[] {
  const operator = operatorOf(seed);
  const head = headUnder(operator.policy({ preset: 'strict', from: now }), operator.publicKey, now);
  return Array.from({ length: vehicles }, (_, index) => createLightVehicle(`${seed}/v${index + 1}`, head));
}

async function openPool({ url, tls, connections }: FleetSetting): Promise<Result<readonly MqttClient[], Fault>> {
  const clients = Array.from({ length: connections }, () =>
    mqtt.connect(url, {
      ...tls,
      ...{ protocolVersion: 4, clean: true, reconnectPeriod: 0 },
      connectTimeout: CONNECT_MS_MAX,
    }),
  );
  try {
    await Promise.all(clients.map(connected));
    return ok(clients);
  } catch (cause) {
    await Promise.all(clients.map((client) => client.endAsync(true)));
    return fail(brokerNotReached(causeText(cause)));
  }
}

function connected(client: MqttClient): Promise<void> {
  return new Promise((resolve, reject) => {
    client.once('connect', () => {
      // A broker that goes away is seen by what is not acknowledged.
      client.on('error', () => undefined);
      resolve();
    });
    client.once('error', reject);
    client.once('close', () => reject(new Error('closed by the other side')));
  });
}

function brokerNotReached(cause: string): Fault<'FLEET_BROKER_UNREACHABLE'> {
  return {
    code: 'FLEET_BROKER_UNREACHABLE',
    problem: bilingual(`the fleet cannot connect to the broker: ${cause}`, `车队无法连接 MQTT 代理：${cause}`),
    remedy: bilingual(
      'check `--url`, the certificates and the rights of the account: it publishes to the uplinks of all vehicles',
      '请检查 `--url`、证书以及该账号的权限：需可向所有车辆的上行主题发布',
    ),
    retry: 'later',
  };
}
