import type { Instant } from '../../proto/words/time.ts';
import { type ConsentEntries, consentsAt } from './consent-register.ts';
import type { ActivePolicy } from './policy-bundle.ts';
import type { Purpose } from './purpose.ts';
import { type Coverage, coverageOf, scopeOf } from './purpose-scope.ts';

/** A purpose as the vehicle's display shows it to those whose consent it needs. */
export interface PurposeView extends Pick<Purpose, 'id' | 'consent'> {
  /** What a grant has to name; it changes with everything that the persons are asked about. */
  readonly scope: string;
  readonly covers: Coverage;
  /** RFC 3339, UTC. */
  readonly expiresAt: string;
  readonly state: 'not-needed' | 'granted' | 'withdrawn' | 'asked' | 'ended';
  /** End of the consent that holds longest; null where none does. */
  readonly until: string | null;
}

export function viewPurposes(policy: ActivePolicy, entries: ConsentEntries, now: Instant): readonly PurposeView[] {
  return policy.purposes.all.map((purpose) => {
    const { id, consent, expiresAt } = purpose;
    const until = consentsAt(entries, purpose, policy, now).map((one) => one.until);
    return {
      ...{ id, consent, scope: scopeOf(purpose, policy), covers: coverageOf(purpose, policy) },
      expiresAt: isoOf(expiresAt),
      state: stateOf(purpose, until.length > 0, entries, now),
      until: until.length === 0 ? null : isoOf(Math.max(...until)),
    };
  });
}

function stateOf(
  { id, consent, expiresAt }: Purpose,
  holds: boolean,
  entries: ConsentEntries,
  now: Instant,
): PurposeView['state'] {
  if (now >= expiresAt) return 'ended';
  if (consent === 'none') return 'not-needed';
  if (holds) return 'granted';
  return entries.get(id)?.withdrawn == null ? 'asked' : 'withdrawn';
}

const isoOf = (moment: number): string => new Date(moment).toISOString();
