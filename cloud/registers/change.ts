import { bilingual } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { pendingOf, stoodBefore, weighConfirmation } from './confirm-change.ts';
import type { Attachment, EntryBody, FindEntry, RegisterEntry, RegisterKind } from './kind.ts';
import { registerKind } from './kinds.table.ts';
import { objection, overLimit, type RegisterFault, registerFault } from './register-fault.ts';
import { shapeFaults } from './shape-faults.ts';

/**
 * What somebody wants done to one entry. `add` refuses over an entry, `replace` refuses without one. `isProved`: whether it was
 * shown that whoever asks is who they say; a confirmation that is proved takes no writer who was not.
 */
export type Wish =
  | { readonly act: 'add'; readonly kind: string; readonly body: unknown; readonly isProved?: boolean }
  | { readonly act: 'replace'; readonly kind: string; readonly body: unknown; readonly isProved?: boolean }
  | { readonly act: 'withdraw'; readonly kind: string; readonly id: string; readonly reason: string }
  | { readonly act: 'attach'; readonly kind: string; readonly id: string; readonly attachment: Attachment }
  | Confirmation;

/** `version`: of the entry as whoever confirms has seen it; another one is not confirmed unseen. */
interface Confirmation {
  readonly act: 'confirm';
  readonly kind: string;
  readonly id: string;
  readonly version: number;
  readonly isProved?: boolean;
}

/** A change that may be made: the whole entry before and after, as the operations log keeps it. */
export interface RegisterChange {
  readonly act: Wish['act'];
  readonly before: RegisterEntry | null;
  readonly after: RegisterEntry;
  readonly reason?: string;
}

/** Looks over the current entries of one kind. */
export interface Registers {
  readonly find: FindEntry;
  /** Also entries that were withdrawn. */
  readonly findAny: FindEntry;
  readonly list: (kind: string) => readonly RegisterEntry[];
  /** How many are not withdrawn. */
  readonly count: (kind: string) => number;
  /** Ids of the entries that are not withdrawn and have this number. */
  readonly holdersOf: (kind: string, number: string) => readonly string[];
}

/** Entries of one register, and documents of one entry: beyond this it is a mistake and no register. */
export const ENTRIES_MAX = 100_000;
export const ATTACHMENTS_MAX = 64;
/** Rewritings of one entry of a kind that looks back at them: beyond this it is another record. */
export const STOOD_MAX = 64;
const REWRITTEN = bilingual(
  `this entry was rewritten ${STOOD_MAX} times; enter what is new under an id of its own`,
  `该条目已改写 ${STOOD_MAX} 次；请将新的内容以新的编号登记`,
);

/**
 * Whether a change may be made, and what it comes to. Pure; nothing is written.
 *
 * @param by - the account that asks for it
 */
export function weighChange(
  wish: Wish,
  by: string,
  registers: Registers,
): Result<RegisterChange, readonly RegisterFault[]> {
  const kind = registerKind(wish.kind);
  if (kind === undefined) return fail([registerFault('REGISTER_KIND')]);
  if (wish.act === 'add' || wish.act === 'replace') return weighBody(wish, by, kind, registers);
  const before = registers.find(kind.id, wish.id);
  if (before === undefined) return fail([registerFault('REGISTER_ABSENT')]);
  const version = before.version + 1;
  if (wish.act === 'withdraw') {
    return ok({ act: 'withdraw', before, after: { ...before, version, isWithdrawn: true }, reason: wish.reason });
  }
  if (wish.act === 'confirm') {
    if (wish.version !== before.version) return fail([registerFault('REGISTER_VERSION')]);
    return weighConfirmation(before, { by, isProved: wish.isProved === true }, registers);
  }
  if (before.attachments.length >= ATTACHMENTS_MAX) return fail([overLimit(ATTACHMENTS_MAX)]);
  const attachments = [...before.attachments, wish.attachment];
  return ok({ act: 'attach', before, after: { ...before, version, attachments } });
}

type BodyWish = Extract<Wish, { readonly act: 'add' | 'replace' }>;

function weighBody(
  { act, body: value, isProved = false }: BodyWish,
  by: string,
  kind: RegisterKind,
  registers: Registers,
): Result<RegisterChange, readonly RegisterFault[]> {
  const parsed = kind.schema.safeParse(value);
  if (!parsed.success) return fail(shapeFaults(parsed.error.issues, value));
  const { id } = parsed.data;
  const known = registers.findAny(kind.id, id);
  if (act === 'add' && known !== undefined) return fail([registerFault('REGISTER_EXISTS')]);
  const before = act === 'replace' ? registers.find(kind.id, id) : undefined;
  if (act === 'replace' && before === undefined) return fail([registerFault('REGISTER_ABSENT')]);
  if (act === 'add' && registers.count(kind.id) >= ENTRIES_MAX) return fail([overLimit(ENTRIES_MAX)]);
  const body = kind.complete?.(parsed.data, before?.body, registers.find) ?? parsed.data;
  const faults = [...moveFaults(kind, before?.body, body), ...numberFaults(kind, body, registers)];
  faults.push(...kind.objections(body, registers.find).map(({ key, problem }) => objection(key, problem)));
  if (faults.length > 0) return fail(faults);
  const stood = stoodBefore(kind, before, body);
  if (stood.length > STOOD_MAX) return fail([objection('id', REWRITTEN)]);
  const confirmation = before?.confirmation;
  const kept = {
    attachments: before?.attachments ?? [],
    version: (before?.version ?? 0) + 1,
    isWithdrawn: false,
    ...(confirmation === undefined ? {} : { confirmation }),
    ...(stood.length === 0 ? {} : { stood }),
  };
  const pending = pendingOf(kind, before, body, { by, isProved }, registers);
  const waits = pending === undefined ? {} : { pending };
  return ok({ act, before: before ?? null, after: { kind: kind.id, id, body, ...kept, ...waits } });
}

/** A filing goes from state to state, and never back; its first state is the first of the table. */
function moveFaults({ moves }: RegisterKind, before: EntryBody | undefined, after: EntryBody): RegisterFault[] {
  if (moves === undefined) return [];
  const [from, to] = [before?.['state'], after['state']];
  if (from === to) return [];
  const allowed = from === undefined ? Object.keys(moves) : (moves[String(from)] ?? []);
  if (allowed.includes(String(to))) return [];
  return [
    objection(
      'state',
      bilingual(`\`state\` cannot go from \`${from}\` to \`${to}\``, `\`state\` 不能由 \`${from}\` 变为 \`${to}\``),
    ),
  ];
}

function numberFaults(kind: RegisterKind, body: EntryBody, registers: Registers): RegisterFault[] {
  const holderOf = (number: string) => registers.holdersOf(kind.id, number).find((id) => id !== body.id);
  const twice = kind.numbersOf(body).find((number) => holderOf(number) !== undefined);
  if (twice === undefined) return [];
  const key = twice.slice(0, twice.indexOf(':'));
  const holder = `\`${kind.id}/${holderOf(twice)}\``;
  return [objection(key, bilingual(`\`${key}\` is that of ${holder} already`, `\`${key}\` 与 ${holder} 相同`))];
}
