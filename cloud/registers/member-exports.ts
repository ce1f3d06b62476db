import { z } from 'zod';
import type { MemberPart } from '../transfer/join-parts.ts';
import type { Registers } from './change.ts';
import { FieldKinds, Id, Persons } from './words.ts';

/** Our own limit: what one member sent in a year, told by purpose, recipient and content. */
const EXPORTS_MAX = 256;

const Presence = z.enum(['present', 'absent', 'unknown']);

/** What another member of the group has sent in the year of its figures, so that a join can look at its content. */
export const MemberExports = z
  .array(
    z.strictObject({
      purpose: Id,
      recipient: Id,
      kinds: FieldKinds,
      personal: Presence,
      sensitive: Presence,
      geographic: Presence,
      coordinates: Presence,
      important: Presence,
      persons: Persons,
      sensitivePersons: Persons,
    }),
  )
  .max(EXPORTS_MAX)
  .describe('what it sent, by purpose, recipient and content; without it only the figures count');

type Export = z.infer<typeof MemberExports>[number];

/**
 * Transfers of other members as parts that a transfer can be joined with (G26 III(2)). What was withdrawn, or is of another
 * year, is not there. Nothing is known of their items, so important data arises from kinds alone.
 */
export function memberParts(
  registers: Pick<Registers, 'list'>,
  processor: string,
  year: number,
): readonly MemberPart[] {
  return registers
    .list('group-count')
    .filter(({ isWithdrawn, body }) => !isWithdrawn && body['year'] === year && body['member'] !== processor)
    .flatMap(({ id, body }) =>
      ((body['exports'] ?? []) as readonly Export[]).map((one, at) => partOf(one, `${id.slice(0, ID_KEPT)}.${at}`)),
    );
}

/** Ids of facts have 64 characters, with a point and a number at the end. */
const ID_KEPT = 58;

function partOf(one: Export, transferId: string): MemberPart {
  const { purpose, recipient, kinds, persons, sensitivePersons, ...classes } = one;
  // As of our own data: what lies on the ground may be classified for all that anybody knows.
  const ground = one.geographic === 'absent' ? 'absent' : 'unknown';
  const flags = { ...classes, classifiedGeographic: ground, core: 'absent', stateSecret: ground } as const;
  const part = { transferId, datasetId: transferId, recipientId: recipient, purpose, flags, kinds, items: [] };
  return { part, persons, sensitivePersons };
}
