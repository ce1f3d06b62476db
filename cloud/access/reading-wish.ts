import { z } from 'zod';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { namesVin } from '../../proto/words/vin.ts';
import { READINGS } from '../registers/kinds/principals.ts';
import type { AccessFacts, Source } from './may-read.ts';

const UID_MAX = 4_294_967_294;
const DETAILS_MAX = 16;

/** A line that may stand in the log: why something is read. */
export const ReasonLine = z
  .string()
  .max(256)
  .regex(/^[^\p{Cc}]*$/u)
  .refine((text) => !namesVin(text), 'holds a VIN');

/** What a command says of a reading before it reads files of the cloud, and again once it is through. */
export const ReadingWish = z.strictObject({
  reading: z.enum(READINGS),
  /** Words of the command, `traffic export`. */
  command: z.string().regex(/^[a-z][a-z -]{0,63}$/),
  stage: z.enum(['before', 'after']),
  /** What it is on record as, where it is more than a reading. */
  act: z.enum(['files-import']).optional(),
  /** Account of the operating system, where there is one. */
  uid: z.int().min(0).max(UID_MAX).nullable(),
  /** Where a remote shell comes from; null for the machine's own console. */
  address: z.string().max(64).nullable(),
  reason: ReasonLine,
  /** What exactly is read, or what came of it: selections, counts, hashes. */
  detail: z
    .record(z.string().regex(/^[a-zA-Z0-9]{1,32}$/), z.union([ReasonLine, z.number(), z.boolean(), z.null()]))
    .refine((detail) => Object.keys(detail).length <= DETAILS_MAX, 'has too many keys'),
});

export type ReadingWish = z.infer<typeof ReadingWish>;

/** The wish, or the key at which it is none. */
export function parseWish(value: unknown): Result<ReadingWish, string> {
  const parsed = ReadingWish.safeParse(value);
  return parsed.success ? ok(parsed.data) : fail(parsed.error.issues[0]?.path.join('.') ?? '');
}

/** Where a command reads from, as it says itself: files of the cloud are guarded by the rights on them, and not by this. */
export function sourceOf(
  { uid, address }: Pick<ReadingWish, 'uid' | 'address'>,
  accountOf: AccessFacts['accountOf'],
): Source {
  if (address === null) return { via: 'local', uid: uid ?? undefined };
  return { via: 'network', address, account: uid === null ? undefined : accountOf(uid) };
}
