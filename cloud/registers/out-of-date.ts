import type { CivilDate } from '../../proto/words/time.ts';
import { jsonDigest } from '../transfer/digest.ts';
import type { FactsInput } from '../transfer/facts.ts';
import type { EntryBody, FindEntry, RegisterEntry } from './kind.ts';
import { standingBody } from './standing.ts';

/** What a document was made against: an entry of another register, and the digest of what matters of it. */
export interface Against {
  /** `KIND/ID`. */
  readonly entry: string;
  readonly sha256: string;
}

export type Change = NonNullable<FactsInput['onFile'][number]['changed']>[number];

/** What a document may have to be held against. */
export interface ChangesIn {
  readonly find: FindEntry;
  readonly on: CivilDate;
  /** Rules of law that are otherwise on `on` than they were on an earlier day: those on personal information, and `named` ones. */
  readonly changedRules: (since: CivilDate, on: CivilDate, named: readonly string[]) => readonly string[];
}

/** Documents that are made for a purpose, and those that are made about a recipient besides. */
const OF_PURPOSE: readonly string[] = [
  'notice',
  'consent-form',
  'pipia',
  'contract',
  'certificate',
  'assessment',
  'external-provision',
];
const OF_RECIPIENT: readonly string[] = ['pipia', 'contract', 'assessment'];

/** Whether documents of a register can be out of date at all. */
export const canBeOutOfDate = (kind: string): boolean => OF_PURPOSE.includes(kind);

/**
 * Writes down what a document is made against, as the registers have it now. Whoever names it himself, as an export does, is
 * taken at his word; a change that keeps the version of the document keeps what it was made against, since nobody looked again.
 */
export function stampAgainst(kind: string, body: EntryBody, before: EntryBody | undefined, find: FindEntry): EntryBody {
  if (!canBeOutOfDate(kind) || body['against'] !== undefined) return body;
  const isSameVersion = before !== undefined && versionOf(before) === versionOf(body);
  if (isSameVersion) return before['against'] === undefined ? body : { ...body, against: before['against'] };
  return { ...body, against: namedEntries(kind, body).flatMap((name) => againstOf(name, find)) };
}

/**
 * What is otherwise than when a document was made: purposes and recipients that changed, appeared or are gone, and, for an
 * impact assessment, rules of law. An entry of before documents were stamped has only its rules to be held against.
 */
export function changesOf({ kind, body }: RegisterEntry, { find, on, changedRules }: ChangesIn): readonly Change[] {
  const against = body['against'] as readonly Against[] | undefined;
  const names = against === undefined ? [] : [...namedEntries(kind, body), ...against.map(({ entry }) => entry)];
  const others = [...new Set(names)].flatMap((name): Change[] => {
    const then = against?.find(({ entry }) => entry === name)?.sha256;
    const now = againstOf(name, find)[0]?.sha256;
    const [register = '', id = ''] = name.split('/');
    return then === now ? [] : [{ what: register === 'purpose' ? 'purpose' : 'recipient', id }];
  });
  const completedOn = body['completedOn'];
  if (kind !== 'pipia' || typeof completedOn !== 'string') return others;
  const named = (body['rules'] ?? []) as readonly string[];
  const rules = changedRules(completedOn as CivilDate, on, named).map((id): Change => ({ what: 'rules', id }));
  return [...others, ...rules];
}

function namedEntries(kind: string, body: EntryBody): readonly string[] {
  const named = (register: string, key: string) =>
    ((body[key] ?? []) as readonly string[]).map((id) => `${register}/${id}`);
  return [...named('purpose', 'purposes'), ...(OF_RECIPIENT.includes(kind) ? named('recipient', 'recipients') : [])];
}

function againstOf(name: string, find: FindEntry): readonly Against[] {
  const [register = '', id = ''] = name.split('/');
  const entry = find(register, id);
  if (entry === undefined) return [];
  const body = standingBody(entry);
  // What it is called in two languages is what persons read of it; entries of before have no such key.
  const titled = register === 'purpose' && body['title'] !== undefined ? ['title'] : [];
  const kept = [...(MATTERS[register] ?? []), ...titled].map((key) => [key, body[key] ?? null]);
  return [{ entry: name, sha256: jsonDigest(Object.fromEntries(kept)) }];
}

/** A renewed certificate, or one more purpose, is no other recipient. */
const MATTERS: Readonly<Record<string, readonly string[]>> = {
  purpose: ['version', 'description', 'kinds'],
  recipient: ['name', 'country', 'group', 'clauses'],
};

/** Forms have a version of their own; of the rest the number is the version. */
const versionOf = (body: EntryBody): unknown => `${String(body['version'])} ${String(body['number'])}`;
