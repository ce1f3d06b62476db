import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { parseDbc } from '../../edge/adapters/candied-dbc.ts';
import { sqlitePlaces } from '../../edge/adapters/sqlite-places.ts';
import { sqliteSpools } from '../../edge/adapters/sqlite-spool.ts';
import { openAgentDatabase } from '../../edge/adapters/sqlite-state.ts';
import { sqliteTrips } from '../../edge/adapters/sqlite-trips.ts';
import { placeMargins, subjectTags } from '../../edge/adapters/vehicle-secret.ts';
import { createAgent } from '../../edge/agent.ts';
import { acceptFences } from '../../edge/fences/accept-fences.ts';
import { indexFences } from '../../edge/fences/fence-index.ts';
import { treatPicture } from '../../edge/imagery/treat-picture.ts';
import { type ActivePolicy, acceptPolicy } from '../../edge/policy/policy-bundle.ts';
import type { SpooledBatch } from '../../edge/ports/spool.ts';
import { pathPriorities } from '../../edge/priorities.ts';
import { parseCandumpLine } from '../../edge/sources/can/can-frame.ts';
import { CanMapping } from '../../edge/sources/can/can-mapping.ts';
import { translateFrames } from '../../edge/sources/can/translate-frames.ts';
import { parseRawFrame } from '../../edge/sources/parse-raw-frame.ts';
import { stagesFor } from '../../edge/stages/pipeline.ts';
import { positionRulesOf } from '../../edge/stages/position-words.ts';
import { frameLine } from '../../firmware-sim/frame-line.ts';
import { createPrng } from '../../firmware-sim/prng.ts';
import { BUS_MAPPING, busDbc } from '../../firmware-sim/tcu/can-bus.ts';
import { tagRotationName } from '../../proto/codec/control-codec.ts';
import { sharpCodec } from '../../proto/imagery/sharp-codec.ts';
import { PRIORITIES } from '../../proto/words/priority.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import { assert } from '../../proto/words/result.ts';
import type { UpdateReport } from '../../proto/words/update.ts';
import type { Vin } from '../../proto/words/vin.ts';
import { seededBytes } from './policies.ts';
import { tearWrite } from './tear-write.ts';
import type { World } from './world.ts';

/** A vehicle with the real agent on it, from lines of its TCU to signed batches in its spool. */
export interface EdgeVehicle {
  readonly name: string;
  readonly vin: Vin;
  readonly publicKey: KeyObject;
  /** The key that its agent signs with; only a liar of a scenario needs it. */
  readonly deviceKey: KeyObject;
  readonly policy: ActivePolicy;
  /** Writes a frame as the line a TCU writes, and has the agent read it. */
  readonly take: (frame: RawFrame) => void;
  /** Writes a line that may be anything. */
  readonly takeLine: (line: string) => void;
  /** Puts lines of a CAN bus on it, which the agent's own source decodes by the DBC of the simulator; gives what it made of them. */
  readonly takeBus: (lines: readonly string[]) => readonly RawFrame[];
  /** Reports how far a software update is. */
  readonly report: (report: UpdateReport) => void;
  /** Resolves once pictures are treated. */
  readonly settle: () => Promise<void>;
  /** Seals what is due. */
  readonly seal: () => void;
  readonly waiting: () => readonly SpooledBatch[];
  readonly acknowledge: (epoch: number, firstSequence: number, count: number) => void;
  /** Cuts the power: what was not durable is gone, and the agent starts again on what its disk has. `mid-write` leaves half of the last commit. */
  readonly cutPower: (moment?: 'at-rest' | 'mid-write') => void;
  readonly removed: () => Readonly<Record<string, number>>;
  readonly close: () => void;
}

export interface VehicleSetting {
  readonly name: string;
  readonly vin: Vin;
  /** SignedPolicyBundle, and the operator's key. */
  readonly policy: Uint8Array;
  readonly fences?: Uint8Array;
  readonly operatorKey: KeyObject;
}

/** Batches of one priority that are looked at in one go. */
const WAITING_MAX = 100_000;
const SPOOL = { maxSize: 64_000_000, strategyOnFull: 'RejectNewData' } as const;

export function startVehicle(world: World, setting: VehicleSetting): EdgeVehicle {
  const { name, vin } = setting;
  const policy = policyOf(world, setting);
  const keys = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const earlier: Record<string, number> = {};
  let boot = bootAgent(world, setting, policy, keys.privateKey);
  const removed = () => sumOf(earlier, boot.agent.removals());
  return {
    ...{ name, vin, policy, deviceKey: keys.privateKey, publicKey: createPublicKey(keys.privateKey) },
    take: (frame) => boot.takeLine(frameLine(frame)),
    takeLine: (line) => boot.takeLine(line),
    takeBus: (lines) => {
      const frames = framesOfBus(lines);
      for (const frame of frames) boot.agent.take(frame);
      return frames;
    },
    report: (report) => boot.agent.report(report),
    settle: () => boot.agent.settlePictures('treat'),
    seal: () => boot.agent.flush(),
    waiting: () => PRIORITIES.flatMap((priority) => boot.spools.of[priority].read(-1, WAITING_MAX)),
    acknowledge: (epoch, firstSequence, count) =>
      boot.agent.acknowledge({ epoch, ranges: [{ firstSequence, count, quarantined: false }] }),
    cutPower: (moment = 'at-rest') => {
      Object.assign(earlier, removed());
      const torn = moment === 'mid-write' ? tearWrite(join(world.directory, `${name}.sqlite`)) : undefined;
      boot.close();
      torn?.();
      boot = bootAgent(world, setting, policy, keys.privateKey);
    },
    removed,
    close: () => boot.close(),
  };
}

function policyOf(world: World, { policy, fences, operatorKey }: VehicleSetting): ActivePolicy {
  const accepted = acceptPolicy(policy, operatorKey, world.clock.now(), undefined);
  assert(accepted.ok, 'a policy of a scenario is signed and in force');
  if (fences === undefined) return accepted.value;
  const demand = { versionMin: accepted.value.fenceVersionMin ?? 0, heldVersion: undefined };
  const set = acceptFences(fences, operatorKey, world.clock.now(), demand);
  assert(set.ok, 'fences of a scenario are signed and in force');
  return { ...accepted.value, fences: indexFences(set.value.fences) };
}

/** The agent as `runAgent` puts it together, with what is switched off left out of its stages. */
function bootAgent(world: World, { name, vin }: VehicleSetting, policy: ActivePolicy, deviceKey: KeyObject) {
  const database = openAgentDatabase(join(world.directory, `${name}.sqlite`));
  const spools = sqliteSpools(database, SPOOL);
  const trips = sqliteTrips(database);
  const secret = seededBytes(`${world.seed}/${name}/secret`, 32);
  const { next: chance } = createPrng(`${world.seed}/${name}/agent`);
  const { cellTag } = positionRulesOf(policy);
  const tools = { codec: sharpCodec(), detectors: [] };
  const agent = createAgent({
    ...{
      spools,
      spoolSize: SPOOL.maxSize,
      deviceKey,
      chance,
      priorities: pathPriorities({}),
      clock: world.clock,
      vehicleTime: 'source',
    },
    treatPicture: (image, order) => treatPicture(image, order, tools),
    stagesFor: (of) =>
      stagesFor(of, {
        tagAt: subjectTags(secret, vin, tagRotationName(of.tagRotation)),
        cellTagAt: subjectTags(secret, vin, cellTag, cellTag === 'trip' ? 'cell' : 'subject'),
        ...{ places: sqlitePlaces(database, placeMargins(secret)), trips, chance },
      }).filter((stage) => !world.isOff(stage.name)),
    onFault: () => undefined,
    onSpooled: () => trips.commit(),
  });
  agent.usePolicy(policy);
  return {
    agent,
    spools,
    takeLine: (line: string) => {
      const frame = parseRawFrame(line.trimEnd());
      if (frame === undefined) agent.takeMalformed();
      else agent.take(frame);
    },
    close: () => spools.close(),
  };
}

function framesOfBus(lines: readonly string[]): readonly RawFrame[] {
  const database = parseDbc(busDbc());
  assert(database.ok, 'the DBC of the simulator can be read');
  const frames: RawFrame[] = [];
  const events = { onFrame: (frame: RawFrame) => void frames.push(frame), onRemoved: () => undefined };
  const mapping = CanMapping.parse(BUS_MAPPING);
  const translator = translateFrames({ database: database.value, mapping, intervalMs: BUS_INTERVAL_MS }, events);
  for (const line of lines) {
    const frame = parseCandumpLine(line);
    if (typeof frame === 'object') translator.take(frame);
  }
  translator.flush();
  return frames;
}

const BUS_INTERVAL_MS = 1_000;

function sumOf(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>): Record<string, number> {
  const sum = { ...one };
  for (const [cause, count] of Object.entries(other)) sum[cause] = (sum[cause] ?? 0) + count;
  return sum;
}
