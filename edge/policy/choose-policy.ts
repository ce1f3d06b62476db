import type { KeyObject } from 'node:crypto';
import type { Instant } from '../../proto/words/time.ts';
import type { PolicyStore } from '../ports/policy-store.ts';
import { type ActivePolicy, acceptPolicy, type PolicyFault } from './policy-bundle.ts';

export interface ChosenPolicy {
  /** Undefined: collect nothing. */
  readonly policy: ActivePolicy | undefined;
  /** Why the offered bundle was not taken; to be alerted. */
  readonly fault: PolicyFault | undefined;
}

/**
 * Takes the offered bundle if it is better than the one held; else keeps the last good one while that lasts.
 *
 * @param offered - bytes found on disk or sent by the cloud, undefined when there are none
 */
export function choosePolicy(
  offered: Uint8Array | undefined,
  store: PolicyStore,
  key: KeyObject,
  now: Instant,
): ChosenPolicy {
  const held = store.held();
  // The same version with another content is no newer version: which of the two is meant nobody can say.
  const isOther = offered !== undefined && held !== undefined && Buffer.compare(offered, held.bytes) !== 0;
  const versionMin = held === undefined ? undefined : held.version + (isOther ? 1 : 0);
  const taken = offered === undefined ? undefined : acceptPolicy(offered, key, now, versionMin);
  if (taken?.ok && offered !== undefined) {
    if (taken.value.version !== held?.version) store.keep(taken.value.version, offered);
    return { policy: taken.value, fault: undefined };
  }
  const kept = held === undefined ? undefined : acceptPolicy(held.bytes, key, now, undefined);
  const fault =
    taken !== undefined && !taken.ok ? taken.fault : kept !== undefined && !kept.ok ? kept.fault : undefined;
  return { policy: kept?.ok ? kept.value : undefined, fault };
}
