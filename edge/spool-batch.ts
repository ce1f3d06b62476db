import type { KeyObject } from 'node:crypto';
import type { Step } from '../proto/codec/telemetry-codec.ts';
import { ok, type Result } from '../proto/words/result.ts';
import type { Clock } from '../proto/words/time.ts';
import type { ActivePolicy } from './policy/policy-bundle.ts';
import type { Spool, SpoolFault } from './ports/spool.ts';
import type { Removals } from './removals.ts';
import { sealBatch } from './sealer.ts';
import type { SealedFrame } from './stages/inspect.ts';

/** What one batch is made of. */
export interface BatchOrder {
  readonly spool: Spool;
  readonly policy: ActivePolicy;
  readonly steps: readonly Step[];
  /** As many as `firstBatch` gives; the batch may hold fewer, and then the first of them. */
  readonly frames: readonly SealedFrame[];
  /** Held rows that become frames of this batch, and are then held no more. */
  readonly released: readonly number[];
}

export interface BatchParts {
  readonly removals: Removals;
  readonly deviceKey: KeyObject;
  readonly clock: Clock;
}

/** What a batch became. */
export interface Spooled {
  readonly frames: number;
  readonly bytes: number;
}

/** Seals a batch and spools it. What was removed counts as told only once the batch that tells it is durable. */
export function spoolBatch(
  { spool, policy, steps, frames, released }: BatchOrder,
  { removals, deviceKey, clock }: BatchParts,
): Result<Spooled, SpoolFault> {
  const drops = spool.dropNotices();
  const place = { epoch: spool.epoch, firstSequence: spool.nextSequence() };
  const batch = sealBatch({ ...place, policy, steps, removals: removals.pending(), drops }, frames, deviceKey);
  const stored = spool.append({ batch, sealedAt: clock.now(), released, told: drops });
  if (!stored.ok) return stored;
  removals.told();
  return ok({ frames: batch.count, bytes: batch.bytes.length });
}
