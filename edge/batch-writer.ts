import type { Step } from '../proto/codec/telemetry-codec.ts';
import { PRIORITIES } from '../proto/words/priority.ts';
import { ok, type Result } from '../proto/words/result.ts';
import { eighthsOf, offlineClassOf, type SpoolStanding } from '../proto/words/spool-standing.ts';
import type { AgentParts } from './agent.ts';
import { offlineDays } from './capacity.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { Spool, SpoolFault, Spools } from './ports/spool.ts';
import type { Removals } from './removals.ts';
import { sealBatch } from './sealer.ts';
import type { SealedFrame } from './stages/inspect.ts';

/** Seals frames into a batch and puts it into the spool. */
export interface BatchWriter {
  /**
   * @param frames - as many as `firstBatch` gives
   * @param released - held frames that the batch now carries
   * @returns how many frames the batch holds: all of them, or the first of them where they were too many for one
   */
  readonly put: (
    spool: Spool,
    under: ActivePolicy,
    steps: readonly Step[],
    frames: readonly SealedFrame[],
    released?: readonly number[],
  ) => Result<number, SpoolFault>;
  /** Days of drives like those since the start that the spool has room for without an uplink; undefined until it can be told. */
  readonly offlineDays: () => number | undefined;
}

/** What was removed counts as told only once the batch that tells it is durable. */
export function createBatchWriter(
  {
    spools,
    spoolSize,
    deviceKey,
    clock,
    onFault,
  }: Pick<AgentParts, 'deviceKey' | 'clock' | 'onFault' | 'spools' | 'spoolSize'>,
  removals: Removals,
): BatchWriter {
  const startedAt = clock.now();
  let sealedBytes = 0;
  const days = (): number | undefined => {
    if (spoolSize === undefined) return undefined;
    const { bytes } = spools.status();
    return offlineDays({ maxSize: spoolSize, bytes, sealedBytes, elapsedMs: clock.now() - startedAt });
  };
  const standing = (): SpoolStanding | undefined =>
    spoolSize === undefined ? undefined : standingOf(spools, spoolSize, days());
  return {
    put: (spool, under, steps, frames, released = []) => {
      const drops = spool.dropNotices();
      const place = { epoch: spool.epoch, firstSequence: spool.nextSequence() };
      const header = { ...place, policy: under, steps, removals: removals.pending(), drops, spool: standing() };
      const batch = sealBatch(header, frames, deviceKey);
      const basis = frames[0]?.basis;
      const stored = spool.append({
        ...{ batch, sealedAt: clock.now(), released, told: drops },
        ...(basis && { basis: { purpose: basis.purpose, consent: basis.consent } }),
      });
      if (!stored.ok) {
        onFault(stored.fault);
        return stored;
      }
      removals.told();
      sealedBytes += batch.bytes.length;
      return ok(batch.count);
    },
    offlineDays: days,
  };
}

/** Sequences are the spool's own: the vehicle's clock has no say in which of two standings is the newer. */
function standingOf(spools: Spools, spoolSize: number, days: number | undefined): SpoolStanding {
  return {
    file: spools.of[PRIORITIES[0]].epoch % FILE_MARKS,
    sealedBefore: PRIORITIES.reduce((sum, one) => sum + spools.of[one].nextSequence(), 0),
    eighths: eighthsOf(spools.status().bytes, spoolSize),
    offlineClass: offlineClassOf(days),
  };
}

const FILE_MARKS = 65_536;
