import { z } from 'zod';
import { type CivilDate, type Instant, parseCivilDate, parseInstant } from '../../proto/words/time.ts';
import { namesVin } from '../../proto/words/vin.ts';
import { FIELD_KIND_NAMES } from '../rules/field-kinds.table.ts';

/** Words that entries of every register are written in. */

export const ID_CHARACTERS_MAX = 64;
export const TEXT_CHARACTERS_MAX = 512;
export const LIST_MAX = 256;
export const PERSONS_MAX = 4_000_000_000;
/** No register tells of days outside these; a year typed `0226` or `20260` is a mistake. */
const DAY_MIN = '2000-01-01';
const DAY_MAX = '2199-12-31';

/** No control, formatting, surrogate or line-separating character: they hide what a reader would see. */
const PLAIN = /^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u;

export const Id = z
  .string()
  .max(ID_CHARACTERS_MAX)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected letters, digits, dot, hyphen, underscore')
  .meta({ title: 'id' });

/** What a person reads; entries are logged for years, so a VIN has no place in them. */
export const Text = z
  .string()
  .max(TEXT_CHARACTERS_MAX)
  .regex(PLAIN, 'expected text without line breaks or invisible characters')
  .refine((text) => !namesVin(text), 'a VIN has no place in a register entry')
  .meta({ title: 'text' });

/** An existing day of the Shanghai calendar, `YYYY-MM-DD`. */
export const Day = z
  .string()
  .meta({ title: 'day' })
  .transform((text, context): CivilDate => {
    const day = parseCivilDate(text);
    if (day.ok && day.value >= DAY_MIN && day.value <= DAY_MAX) return day.value;
    context.issues.push({ code: 'custom', input: text, message: 'expected an existing day, `YYYY-MM-DD`' });
    return z.NEVER;
  });

/** An instant with its offset, RFC 3339; kept as text so that an entry reads back as it was written. */
export const Moment = z
  .string()
  .refine((text) => parseInstant(text).ok, 'expected a time with its offset, RFC 3339')
  .meta({ title: 'time with offset' });

/** @throws never for a text that `Moment` has passed */
export function momentOf(text: string): Instant {
  const instant = parseInstant(text);
  return instant.ok ? instant.value : (Number.NaN as Instant);
}

export const Sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hexadecimal digits')
  .meta({ title: 'SHA-256' });

export const YesNo = z.enum(['yes', 'no', 'unknown']);

export const Country = z
  .string()
  .regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code')
  .meta({ title: 'ISO 3166-1 code' });

export const Persons = z.int().min(0).max(PERSONS_MAX);

/** The act by which an authority took something in: number, when, and who gave it. */
export const Receipt = z.strictObject({ number: Text, at: Moment, authority: Text });

export const ids = z.array(Id).max(LIST_MAX);

export const texts = z.array(Text).max(LIST_MAX);

const Settled = z.enum(['present', 'absent']);

/** What a person has established of imported files that only a person can; what is left out stays unknown and withholds. */
export const AttestedContents = z
  .strictObject({
    personal: Settled.optional(),
    sensitive: Settled.optional(),
    geographic: Settled.optional(),
    coordinates: Settled.optional(),
    important: Settled.optional(),
    core: Settled.optional(),
    stateSecret: Settled.optional(),
  })
  .describe('of the files imported under this entry, as the person who makes the entry has established');

/** Kinds of field, as the facts of a transfer name them. */
export const FieldKinds = z.array(z.enum(FIELD_KIND_NAMES)).min(1).max(FIELD_KIND_NAMES.length);

/** Which clause or rule needs each kind of field; a kind that is not here is not shown to be needed. */
export const Necessity = z
  .array(z.strictObject({ kind: z.enum(FIELD_KIND_NAMES), clause: Text }))
  .min(1)
  .max(FIELD_KIND_NAMES.length);

/** What a document was made against; the registers write it where it is left out. */
export const Against = z
  .array(z.strictObject({ entry: z.string().max(2 * ID_CHARACTERS_MAX), sha256: Sha256 }))
  .max(LIST_MAX)
  .optional()
  .describe('what the purposes and recipients were when it was made; left out, it is written down as they are now');
