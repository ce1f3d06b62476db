import { z } from 'zod';
import { type CivilDate, parseCivilDate } from '../../proto/words/time.ts';

/** Words that every row of an operator's file is written in. */

const TEXT_CHARACTERS_MAX = 500;
export const LIST_MAX = 64;

export const Id = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
/** No control, formatting, surrogate or line-separating character: they hide what a reader would see. */
export const Text = z
  .string()
  .regex(/^[^\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+$/u)
  .max(TEXT_CHARACTERS_MAX);
export const Both = z.strictObject({ en: Text, zh: Text });
export const Day = z.string().transform((text, context): CivilDate => {
  const day = parseCivilDate(text);
  if (day.ok) return day.value;
  context.issues.push({ code: 'custom', input: text, params: { date: day.fault.code } });
  return z.NEVER;
});
export const Amount = z.int().min(0).max(Number.MAX_SAFE_INTEGER);
export const Citation = z.strictObject({ instrument: Id, article: Text, articleZh: Text });
export const Confidence = z.enum(['seed', 'official', 'official-draft-2025', 'law-firm', 'own']);

export const dated = { id: Id, from: Day, until: Day.exactOptional(), signOff: Id };
export const sourced = {
  ...dated,
  citation: Citation,
  confidence: Confidence,
  status: z.literal('operator-supplied'),
};
