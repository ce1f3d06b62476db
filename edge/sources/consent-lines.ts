import { z } from 'zod';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import { parseInstant } from '../../proto/words/time.ts';

/** Bytes of one line. */
export const CONSENT_LINE_BYTES_MAX = 1_024;

const purpose = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/);
const number = z
  .int()
  .min(1)
  .max(Number.MAX_SAFE_INTEGER - 1);

const Statement = z.discriminatedUnion('consent', [
  z.strictObject({
    consent: z.literal('grant'),
    purpose,
    subjects: z.enum(['driver', 'all-occupants']),
    scope: z.string().regex(/^[0-9a-f]{32}$/),
    until: z.string().max(64),
    number,
  }),
  z.strictObject({ consent: z.literal('withdraw'), purpose, number: number.optional() }),
  z.strictObject({ consent: z.literal('show') }),
]);

/** What the vehicle's display says about consents, docs/consent.md. */
export type ConsentStatement =
  | {
      readonly consent: 'grant';
      readonly purpose: string;
      readonly subjects: 'driver' | 'all-occupants';
      readonly scope: string;
      readonly until: Instant;
      readonly number: number;
    }
  | { readonly consent: 'withdraw'; readonly purpose: string; readonly number?: number | undefined }
  | { readonly consent: 'show' };

export function parseConsentLine(line: string): Result<ConsentStatement, 'malformed'> {
  const parsed = Statement.safeParse(jsonOf(line));
  if (!parsed.success) return fail('malformed');
  if (parsed.data.consent !== 'grant') return ok(parsed.data);
  const until = parseInstant(parsed.data.until);
  return until.ok ? ok({ ...parsed.data, until: until.value }) : fail('malformed');
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
