import type { Instant } from '../../proto/words/time.ts';

/** Things by their subject, for a while: at most `SUBJECTS_MAX` subjects and `EACH_MAX` things of one. The oldest fall. */
export interface Recent<T> {
  /** What is known of the subject within the window, oldest first, without this one; then takes it. */
  readonly before: (subject: string, at: Instant, value: T) => readonly T[];
  /** Subjects with anything within the window. */
  readonly subjects: (now: Instant) => readonly string[];
  readonly peek: (subject: string, now: Instant) => readonly T[];
}

export const SUBJECTS_MAX = 10_000;
export const EACH_MAX = 512;

export function createRecent<T>(windowMs: number): Recent<T> {
  const bySubject = new Map<string, readonly { readonly at: Instant; readonly value: T }[]>();
  const within = (subject: string, now: Instant) =>
    (bySubject.get(subject) ?? []).filter(({ at }) => windowMs === 0 || at > now - windowMs);
  return {
    before: (subject, at, value) => {
      const kept = within(subject, at);
      bySubject.delete(subject);
      bySubject.set(subject, [...kept, { at, value }].slice(-EACH_MAX));
      const [oldest] = bySubject.keys();
      if (bySubject.size > SUBJECTS_MAX && oldest !== undefined) bySubject.delete(oldest);
      return kept.map((one) => one.value);
    },
    subjects: (now) => [...bySubject.keys()].filter((subject) => within(subject, now).length > 0),
    peek: (subject, now) => within(subject, now).map((one) => one.value),
  };
}
