import type { Step } from '../proto/codec/telemetry-codec.ts';
import { ok, type Result } from '../proto/words/result.ts';
import type { AgentParts } from './agent.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { Spool, SpoolFault } from './ports/spool.ts';
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
  /** Bytes of batches that went into the spool since the start. */
  readonly bytes: () => number;
}

/** What was removed counts as told only once the batch that tells it is durable. */
export function createBatchWriter(
  { deviceKey, clock, onFault }: Pick<AgentParts, 'deviceKey' | 'clock' | 'onFault'>,
  removals: Removals,
): BatchWriter {
  let sealedBytes = 0;
  return {
    put: (spool, under, steps, frames, released = []) => {
      const drops = spool.dropNotices();
      const place = { epoch: spool.epoch, firstSequence: spool.nextSequence() };
      const header = { ...place, policy: under, steps, removals: removals.pending(), drops };
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
    bytes: () => sealedBytes,
  };
}
