import type { z } from 'zod';
import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { Attachment, EntryBody, FindEntry, RegisterEntry, RegisterKind } from './kind.ts';
import { registerKind } from './kinds.table.ts';

export type RegisterFault = Fault<
  'REGISTER_KIND' | 'REGISTER_SHAPE' | 'REGISTER_EXISTS' | 'REGISTER_ABSENT' | 'REGISTER_OBJECTION' | 'REGISTER_LIMIT'
>;

/** What somebody wants done to one entry. `add` refuses over an entry, `replace` refuses without one. */
export type Wish =
  | { readonly act: 'add'; readonly kind: string; readonly body: unknown }
  | { readonly act: 'replace'; readonly kind: string; readonly body: unknown }
  | { readonly act: 'withdraw'; readonly kind: string; readonly id: string; readonly reason: string }
  | { readonly act: 'attach'; readonly kind: string; readonly id: string; readonly attachment: Attachment };

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
}

/** Entries of one register, and documents of one entry: beyond this it is a mistake and no register. */
export const ENTRIES_MAX = 100_000;
export const ATTACHMENTS_MAX = 64;
const FAULTS_MAX = 50;

/** Whether a change may be made, and what it comes to. Pure; nothing is written. */
export function weighChange(wish: Wish, registers: Registers): Result<RegisterChange, readonly RegisterFault[]> {
  const kind = registerKind(wish.kind);
  if (kind === undefined) return fail([unknownKind()]);
  if (wish.act === 'add' || wish.act === 'replace') return weighBody(wish.act, wish.body, kind, registers);
  const before = registers.find(kind.id, wish.id);
  if (before === undefined) return fail([absent()]);
  const version = before.version + 1;
  if (wish.act === 'withdraw') {
    return ok({ act: 'withdraw', before, after: { ...before, version, isWithdrawn: true }, reason: wish.reason });
  }
  if (before.attachments.length >= ATTACHMENTS_MAX) return fail([limit(`${ATTACHMENTS_MAX}`)]);
  const attachments = [...before.attachments, wish.attachment];
  return ok({ act: 'attach', before, after: { ...before, version, attachments } });
}

function weighBody(
  act: 'add' | 'replace',
  value: unknown,
  kind: RegisterKind,
  registers: Registers,
): Result<RegisterChange, readonly RegisterFault[]> {
  const parsed = kind.schema.safeParse(value);
  if (!parsed.success) return fail(parsed.error.issues.slice(0, FAULTS_MAX).map(shapeFault));
  const body = parsed.data;
  const known = registers.findAny(kind.id, body.id);
  if (act === 'add' && known !== undefined) return fail([exists()]);
  const before = act === 'replace' ? registers.find(kind.id, body.id) : undefined;
  if (act === 'replace' && before === undefined) return fail([absent()]);
  const others = registers.list(kind.id).filter(({ id, isWithdrawn }) => id !== body.id && !isWithdrawn);
  if (others.length >= ENTRIES_MAX) return fail([limit(`${ENTRIES_MAX}`)]);
  const faults = [...moveFaults(kind, before?.body, body), ...numberFaults(kind, body, others)];
  faults.push(...kind.objections(body, registers.find).map(({ key, problem }) => objection(key, problem)));
  if (faults.length > 0) return fail(faults);
  const kept = { attachments: before?.attachments ?? [], version: (before?.version ?? 0) + 1, isWithdrawn: false };
  return ok({ act, before: before ?? null, after: { kind: kind.id, id: body.id, body, ...kept } });
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

function numberFaults(kind: RegisterKind, body: EntryBody, others: readonly RegisterEntry[]): RegisterFault[] {
  const own = new Set(kind.numbersOf(body));
  const twice = others.flatMap((other) => kind.numbersOf(other.body)).find((number) => own.has(number));
  if (twice === undefined) return [];
  const key = twice.slice(0, twice.indexOf(':'));
  return [objection(key, bilingual(`another entry has the same \`${key}\``, `其他条目已有相同的 \`${key}\``))];
}

function shapeFault(issue: z.core.$ZodIssue): RegisterFault {
  // Values are not repeated: an entry may hold by mistake what must not be printed.
  const extra = issue.code === 'unrecognized_keys' ? issue.keys.filter((key) => /^[A-Za-z0-9_-]{1,40}$/.test(key)) : [];
  const key = [...issue.path.map(String), ...extra].join('.') || '(root)';
  const what = issue.code === 'unrecognized_keys' ? 'is no key of this register' : `is not valid: ${issue.message}`;
  const problem = bilingual(`\`${key}\` ${what}`, `\`${key}\` 无效`);
  return fault('REGISTER_SHAPE', problem, 'docs/registers.md lists every key', '全部字段见 docs/registers.md');
}

function objection(key: string, problem: Bilingual): RegisterFault {
  return fault(
    'REGISTER_OBJECTION',
    problem,
    `correct \`${key}\`; nothing was changed`,
    `请更正 \`${key}\`；未作任何更改`,
  );
}

const unknownKind = (): RegisterFault =>
  fault(
    'REGISTER_KIND',
    bilingual('there is no such register', '没有该登记'),
    'see `tongguan register kinds`',
    '参见 `tongguan register kinds`',
  );

const exists = (): RegisterFault =>
  fault(
    'REGISTER_EXISTS',
    bilingual('the register holds an entry of this id, or held one', '登记中已有或曾有该编号的条目'),
    'use `--replace` to change it; the id of a withdrawn entry is not used again',
    '如需更改请使用 `--replace`；已撤销条目的编号不再使用',
  );

const absent = (): RegisterFault =>
  fault(
    'REGISTER_ABSENT',
    bilingual('the register holds no such entry', '登记中没有该条目'),
    'see `tongguan register KIND list`',
    '参见 `tongguan register KIND list`',
  );

const limit = (most: string): RegisterFault =>
  fault(
    'REGISTER_LIMIT',
    bilingual(`a register holds at most ${most} of these`, `登记中最多 ${most} 项`),
    'withdraw what is no longer used',
    '请撤销不再使用的条目',
  );

function fault(code: RegisterFault['code'], problem: Bilingual, en: string, zh: string): RegisterFault {
  return { code, problem, remedy: bilingual(en, zh), retry: 'after-remedy' };
}
