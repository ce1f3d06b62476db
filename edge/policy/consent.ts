import { CONSENT_KINDS, CONSENT_SUBJECTS, type ConsentRecord } from '../../proto/codec/control-codec.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';

/** A consent with a beginning and an end. Only `finiteConsents` makes one. */
export interface Consent {
  readonly id: string;
  readonly purpose: string;
  readonly subjects: ConsentRecord['subjects'];
  readonly kind: ConsentRecord['kind'];
  readonly from: Instant;
  /** First moment at which it holds no more. */
  readonly until: Instant;
}

/** A period longer than this is taken for none: a consent that nobody has to renew is not one with an end. */
export const CONSENT_MS_MAX = 366 * DAY_MS;

/** The records that have a finite period; every other counts as absent. */
export function finiteConsents(records: readonly ConsentRecord[]): readonly Consent[] {
  return records
    .filter(({ fromMs, untilMs }) => untilMs > fromMs && untilMs - fromMs <= CONSENT_MS_MAX)
    .map(({ id, purpose, subjects, kind, fromMs, untilMs }) => ({
      ...{ id, purpose, subjects, kind },
      ...{ from: fromMs as Instant, until: untilMs as Instant },
    }));
}

/** A consent of everybody whom a camera in the cabin can see, that holds at each of some moments. */
export function cabinImageConsent(consents: readonly Consent[], moments: readonly number[]): Consent | undefined {
  return consents.find(
    ({ kind, subjects, from, until }) =>
      kind === CONSENT_KINDS.cabinImage &&
      subjects === CONSENT_SUBJECTS.allOccupants &&
      moments.every((moment) => from <= moment && moment < until),
  );
}
