import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { MqttIngress } from '../adapters/embedded-mqtt.ts';
import type { CloudConfig } from '../config/config.ts';
import type { DeviceRegister } from '../ports/device-register.ts';
import { openDetectors } from './open-detectors.ts';
import { openWorker, roleNeedsLog } from './open-flow.ts';
import { checkedAhead, ingressEvents, policiesOf } from './open-ingest.ts';
import { openMqtt } from './open-ingress.ts';
import { openLogGateway } from './open-log-ingest.ts';
import { openRecordLog, rosterSeal } from './open-record-log.ts';
import { LOOK_EVERY_MS, openShared } from './open-shared.ts';
import { attempt } from './upkeep.ts';

/** A process that has one part of the flow, and neither logs nor zones. */
export interface RunningPart {
  readonly status: () => object;
  readonly stop: () => Promise<void>;
}

/** Role `ingress`: takes payloads of vehicles to the record log. What it refuses it says, and has no log to enter it in. */
export async function runIngress(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
): Promise<Result<RunningPart, Fault>> {
  const { recordLog } = loaded.config;
  if (recordLog.kind === 'sqlite') return fail(roleNeedsLog('ingress'));
  const log = openRecordLog(recordLog, loaded.path);
  if (!log.ok) return log;
  const opening = openShared(loaded, around.clock, undefined);
  if (!opening.ok) return opening;
  const shared = opening.value;
  const { register } = shared.stores;
  let mqtt: MqttIngress | undefined;
  const opened = await openLogGateway(log.value, loaded, around, (told) => mqtt?.acknowledge(told));
  if (!opened.ok) {
    shared.close();
    return opened;
  }
  const alert = ({ code }: Readonly<Record<string, unknown>>): void => around.err(`cloud: alert: ${String(code)}`);
  const gateway = checkedAhead(loaded, opened.value.gateway, () => alert({ code: 'MQTT_SIGNATURE' }));
  const policies = policiesOf(loaded, shared.stores, around, (bundle) => mqtt?.sendPolicy(bundle));
  // Who cannot be asked about is refused, and tries again.
  const find: DeviceRegister['find'] = (device) => orNobody(() => register.find(device), around);
  const events = { ...ingressEvents({ register: { find }, alert }, gateway, around), policy: policies.current };
  const listening = await openMqtt(loaded, register, events);
  if (!listening.ok) {
    await opened.value.close();
    shared.close();
    return listening;
  }
  mqtt = listening.value;
  const look = (): void => {
    policies.look();
    if (register.hasChanged()) mqtt?.cutOff(register.mayConnect);
  };
  const timer = setInterval(() => attempt(look, around), LOOK_EVERY_MS);
  const { port, connections, close, sendPolicy } = listening.value;
  const policy = policies.current();
  if (policy !== undefined) sendPolicy(policy);
  return ok({
    status: () => ({ role: 'cloud', part: 'ingress', port, connections: connections() }),
    stop: async () => {
      clearInterval(timer);
      await close();
      gateway.flush();
      await opened.value.close();
      shared.close();
    },
  });
}

/** Role `classify`: a worker of the group. It opens no zone, and no record of the past. */
export async function runClassify(
  loaded: LoadedConfig<CloudConfig>,
  around: RoleSurroundings,
): Promise<Result<RunningPart, Fault>> {
  const { recordLog } = loaded.config;
  if (recordLog.kind === 'sqlite') return fail(roleNeedsLog('classify'));
  const log = openRecordLog(recordLog, loaded.path);
  if (!log.ok) return log;
  const opening = openShared(loaded, around.clock, rosterSeal(log.value, around.clock).open);
  if (!opening.ok) return opening;
  const shared = opening.value;
  const detectors = openDetectors(loaded, readFileSync(loaded.path(loaded.config.pseudonyms.keyFile)));
  const { register } = shared.stores;
  // What a worker refuses lowers trust where it is stored, in the process that leads.
  const trust = { of: register.trustOf, note: () => undefined };
  const member = await openWorker(loaded, { ...shared, ...detectors, trust }, around);
  // Trust that was lowered elsewhere holds here within the time.
  const unfollow = shared.follow(around);
  const close = async (): Promise<void> => {
    unfollow();
    await detectors.close();
    shared.close();
  };
  if (!member.ok) {
    await close();
    return member;
  }
  const { partitions, stop } = member.value;
  return ok({
    status: () => ({ role: 'cloud', part: 'classify', partitions: partitions() }),
    stop: async () => {
      await stop();
      await close();
    },
  });
}

function orNobody<T>(ask: () => T | undefined, around: RoleSurroundings): T | undefined {
  let answer: T | undefined;
  attempt(() => {
    answer = ask();
  }, around);
  return answer;
}
