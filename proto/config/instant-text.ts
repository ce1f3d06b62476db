import { z } from 'zod';
import { type Instant, parseInstant } from '../words/time.ts';

const EXPECTED = 'expected RFC 3339 with an offset';
const CHARACTERS_MAX = 40;

/** A moment as RFC 3339 has it, with an offset, in files that persons write; it stays the text that it is. */
export const instantText = z
  .string()
  .max(CHARACTERS_MAX)
  .refine((text) => parseInstant(text).ok, EXPECTED);

/** The same, taken as milliseconds since 1970 UTC. */
export const instantOfText = z
  .string()
  .max(CHARACTERS_MAX)
  .transform((text, context): Instant => {
    const parsed = parseInstant(text);
    if (parsed.ok) return parsed.value;
    context.addIssue({ code: 'custom', message: EXPECTED });
    return z.NEVER;
  });
