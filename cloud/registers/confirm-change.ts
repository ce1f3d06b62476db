import { canonicalJson } from '../../proto/words/canonical-json.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { areTwoPersons, standingAuthorities } from './authority.ts';
import type { RegisterChange, Registers } from './change.ts';
import type { EntryBody, Pending, RegisterEntry, RegisterKind } from './kind.ts';
import { type RegisterFault, registerFault } from './register-fault.ts';
import { standingBody } from './standing.ts';

interface Writer {
  readonly by: string;
  readonly isProved: boolean;
}

/**
 * What waits for a second person when an entry is changed: nothing in a new one, since nobody relies on it yet, but where its
 * kind says so, and nothing once a change is taken back to what stands.
 */
export function pendingOf(
  { id: kind, confirmed = [], waitsAnew }: RegisterKind,
  before: RegisterEntry | undefined,
  body: EntryBody,
  { by, isProved }: Writer,
  registers: Pick<Registers, 'list'>,
): Pending | undefined {
  // Of what should have waited from the beginning nothing stands, until it was confirmed once.
  const isUnconfirmed = before?.confirmation === undefined && waitsAnew?.(body, registers.list(kind)) === true;
  if (before === undefined && !isUnconfirmed) return undefined;
  const standing = before === undefined || isUnconfirmed ? { id: body.id } : standingBody(before);
  const keys = confirmed.filter((key) => isOtherwise(standing, body, key));
  return keys.length === 0 ? undefined : { by, ...(isProved ? { isProved: true as const } : {}), standing, keys };
}

/** What an entry said before, with what it says now where that is about to be rewritten. */
export function stoodBefore(
  { confirmed = [], looksBack = false }: RegisterKind,
  before: RegisterEntry | undefined,
  body: EntryBody,
): readonly EntryBody[] {
  if (!looksBack || before === undefined) return [];
  const { stood = [] } = before;
  const isRewritten = confirmed.some((key) => isOtherwise(before.body, body, key));
  // What still waited counted for nobody.
  return isRewritten && before.pending === undefined ? [...stood, before.body] : stood;
}

const isOtherwise = (one: EntryBody, other: EntryBody, key: string): boolean =>
  canonicalJson(one[key] ?? null) !== canonicalJson(other[key] ?? null);

/** A second person lets a change stand. The one who wrote it cannot, under whichever account. */
export function weighConfirmation(
  before: RegisterEntry,
  { by, isProved }: Writer,
  registers: Registers,
): Result<RegisterChange, readonly RegisterFault[]> {
  const { pending, ...rest } = before;
  if (pending === undefined) return fail([registerFault('REGISTER_SETTLED')]);
  // Whoever names another as the writer, and confirms in their own name, would be both persons.
  if (isProved && pending.isProved !== true) return fail([registerFault('REGISTER_WRITER')]);
  const matrix = standingAuthorities(registers.list('processor'));
  if (!areTwoPersons(pending.by, by, matrix)) return fail([registerFault('REGISTER_SAME_PERSON')]);
  const confirmation = { wrote: pending.by, by };
  return ok({ act: 'confirm', before, after: { ...rest, version: before.version + 1, confirmation } });
}
