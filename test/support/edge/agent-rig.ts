import { generateKeyPairSync, verify } from 'node:crypto';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { sqlitePlaces } from '../../../edge/adapters/sqlite-places.ts';
import { type SpoolSettings, sqliteSpools } from '../../../edge/adapters/sqlite-spool.ts';
import { type AgentDatabase, openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { subjectTags } from '../../../edge/adapters/vehicle-secret.ts';
import { type Agent, type AgentParts, createAgent } from '../../../edge/agent.ts';
import type { SpooledBatch, Spools } from '../../../edge/ports/spool.ts';
import { pathPriorities } from '../../../edge/priorities.ts';
import { stagesFor } from '../../../edge/stages/pipeline.ts';
import { signedBytes } from '../../../proto/codec/signed-bytes.ts';
import { decodeSealedBatch, decodeSignedBatch, type SealedBatch } from '../../../proto/codec/telemetry-codec.ts';
import type { RawFrame, SignalValue } from '../../../proto/words/raw-frame.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { Vin } from '../../../proto/words/vin.ts';
import { later, MORNING } from './candidates.ts';
import { VIN_A } from './made-vin.ts';
import { type OneSpool, oneOf } from './one-spool.ts';
import { SPEED } from './policies.ts';
import { seededChance } from './seeded.ts';
import { tempDirectory } from './temp-directory.ts';

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
export const DEVICE_KEY = privateKey;

export interface Rig {
  readonly agent: Agent;
  /** The queue of the least priority, and all of them. */
  readonly spool: OneSpool;
  readonly spools: Spools;
  readonly database: AgentDatabase;
  readonly file: string;
  /** Codes of the faults told so far. */
  readonly faults: string[];
  /** The system's clock; starts a day after the frames of the tests. */
  readonly clock: { now: Instant };
  /** Batches in the spool, their signatures checked. */
  readonly batches: () => readonly SealedBatch[];
}

export interface RigOptions
  extends Partial<Pick<AgentParts, 'vehicleTime' | 'stagesFor' | 'treatPicture' | 'confidentiality'>> {
  readonly file?: string;
  readonly limits?: SpoolSettings;
  /** Batches tell how full the spool is. */
  readonly tellsSpool?: boolean;
  readonly seed?: number;
  readonly priorities?: Parameters<typeof pathPriorities>[0];
}

const ROOMY: SpoolSettings = { maxSize: 100_000_000, strategyOnFull: 'RejectNewData' };

/** 2030-01-01: later than every frame of the tests, so that none is from the future unless a test says so. */
export const SYSTEM_NOW = Date.UTC(2030, 0, 1) as Instant;

/** An agent on a real spool in a directory of its own; the test takes the place of source and uplink. */
export function createRig(options: RigOptions = {}): Rig {
  const { file = join(tempDirectory(), 'agent.db'), limits = ROOMY, vehicleTime = 'source', seed = 1 } = options;
  const database = openAgentDatabase(file);
  onTestFinished(() => {
    database.close();
  });
  const spools = sqliteSpools(database, limits);
  const spool = oneOf(spools);
  const chance = seededChance(seed);
  const places = sqlitePlaces(database, () => 1_000 * chance());
  const tagAt = subjectTags(new Uint8Array(32).fill(seed), VIN_A as Vin, 'daily');
  const faults: string[] = [];
  const clock = { now: SYSTEM_NOW };
  const agent = createAgent({
    spools,
    ...(options.tellsSpool && { spoolSize: limits.maxSize }),
    priorities: pathPriorities(options.priorities ?? {}),
    deviceKey: privateKey,
    clock: { now: () => clock.now },
    vehicleTime,
    chance,
    stagesFor: options.stagesFor ?? ((policy) => stagesFor(policy, { tagAt, places, chance })),
    ...(options.treatPicture && { treatPicture: options.treatPicture }),
    confidentiality: options.confidentiality,
    onFault: ({ code }) => void faults.push(code),
    onSpooled: () => undefined,
  });
  return { agent, spool, spools, database, file, faults, clock, batches: () => spool.read(-1, 100_000).map(openBatch) };
}

/** The content of a batch, once its signature is that of the device. */
export function openBatch({ bytes, firstSequence, count }: SpooledBatch): SealedBatch {
  const signed = decodeSignedBatch(bytes);
  if (!signed.ok) throw new Error(signed.fault.code);
  const { batch, signature } = signed.value;
  const key = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  if (!verify('sha256', signedBytes('batch', batch), key, signature)) throw new Error('the signature is wrong');
  const sealed = decodeSealedBatch(batch);
  if (!sealed.ok) throw new Error(`${sealed.fault.code} ${sealed.fault.where}`);
  if (sealed.value.firstSequence !== firstSequence || sealed.value.frames.length !== count) {
    throw new Error('the spool and the batch disagree');
  }
  return sealed.value;
}

export function speedFrame(at: Instant, value: SignalValue = 1): RawFrame {
  return { kind: 'signals', at, signals: { [SPEED]: value } };
}

/** So many frames a second apart, each with its number as the speed. */
export function feedSpeeds(rig: Rig, count: number, from = 0): void {
  for (let index = from; index < from + count; index += 1)
    rig.agent.take(speedFrame(later(MORNING, index * 1_000), index));
}

/** Speeds in the spool, in order; of other frames their kind. */
export function speedsIn(rig: Rig): readonly unknown[] {
  return rig
    .batches()
    .flatMap(({ frames }) => frames.map((frame) => (frame.kind === 'signals' ? frame.signals[0]?.value : frame.kind)));
}

export function acknowledgeAll(rig: Rig): void {
  for (const batch of rig.spool.read(-1, 100_000)) {
    rig.agent.acknowledge({ epoch: rig.spool.epoch, ranges: [{ ...batch, quarantined: false }] });
  }
}
