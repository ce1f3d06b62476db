import { DAY_MS } from '../../proto/words/time.ts';
import { areTwoPersons, type Matrix, mayApprove } from './authority.ts';
import type { EntryBody, RegisterEntry } from './kind.ts';
import { momentOf } from './words.ts';

/**
 * Emergencies that begin within this time after the end of another, for the same dataset or recipient, go on with it: else
 * one person could prolong the seven days of an emergency by a chain of records.
 */
const APART_MS = 7 * DAY_MS;

/**
 * Whether a record of an emergency (EX-4) goes on with an earlier one: for the same incident, however long ago, or at the same
 * time or soon after, for a dataset or recipient that both name. Nobody knows of two records whether their persons are the
 * same, so a dataset in common is taken as such. One that was withdrawn may have been used before.
 */
export function isFollowUp(own: EntryBody, records: readonly RegisterEntry[]): boolean {
  return records.some(
    (record) => record.id !== own.id && bodiesOf(record).some((body) => isEarlier(body, own) && goesOn(body, own)),
  );
}

/** With all that it said before: to rewrite an old record frees no other one of it, whoever has confirmed the rewriting. */
function bodiesOf({ body, stood = [] }: RegisterEntry): readonly EntryBody[] {
  return [...stood, body];
}

/** Where a record goes on with another: whether a second person has let it, who may approve and is neither writer nor approver. */
export function followUpOf(
  { body, pending, confirmation }: RegisterEntry,
  records: readonly RegisterEntry[],
  matrix: Matrix,
  on: Parameters<typeof mayApprove>[2],
): 'nothing' | 'confirmed' | 'unconfirmed' {
  // A change of what decides waits for a second person as well: a record that is moved on is a chain of one.
  if (pending !== undefined) return 'unconfirmed';
  if (confirmation === undefined) return isFollowUp(body, records) ? 'unconfirmed' : 'nothing';
  const { wrote, by } = confirmation;
  const others = [wrote, String(body['approvedBy'])];
  const isAnother = others.every((one) => areTwoPersons(by, one, matrix));
  return isAnother && mayApprove(by, matrix, on) ? 'confirmed' : 'unconfirmed';
}

/** What of a record is changed by two persons. */
export const OF_EMERGENCY: readonly string[] = [
  'incident',
  'approvedBy',
  'protects',
  'startedAt',
  'endsAt',
  'necessity',
  'recipients',
  'datasets',
  'purposes',
];

/** Of two that began at once the ids decide, so that one of them is the later. */
function isEarlier(one: EntryBody, other: EntryBody): boolean {
  const [a, b] = [startOf(one), startOf(other)];
  return a < b || (a === b && one.id < other.id);
}

function goesOn(earlier: EntryBody, later: EntryBody): boolean {
  if (plain(earlier['incident']) === plain(later['incident'])) return true;
  const isSoon = startOf(later) < momentOf(String(earlier['endsAt'])) + APART_MS;
  return isSoon && (['datasets', 'recipients'] as const).some((key) => sharesOne(earlier[key], later[key]));
}

const startOf = ({ startedAt }: EntryBody): number => momentOf(String(startedAt));

const sharesOne = (some: unknown, others: unknown): boolean =>
  Array.isArray(some) && Array.isArray(others) && some.some((one) => others.includes(one));

/** An incident is the same however wide, high or spaced its number is written. */
const plain = (incident: unknown): string => String(incident).normalize('NFKC').replace(/\s+/gu, '').toUpperCase();
