import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type RegisterChange, type Registers, weighChange } from './change.ts';
import { createEntryIndex } from './entry-index.ts';
import type { RegisterEntry } from './kind.ts';
import { documentOf, REGISTER_LOG_KIND, type RegisterBooks, viewOf } from './record-change.ts';

/** Rows of one import: no more than the log takes in one append, so that a crash leaves all of them or none. */
export const IMPORT_ROWS_MAX = 16_384;

/** Rows whose faults are told; of more a last fault says how many. */
const ROWS_TOLD_MAX = 200;

export interface Import {
  readonly act: 'add' | 'replace';
  readonly kind: string;
  readonly bodies: readonly unknown[];
  /** Whether it was shown that whoever asks is who they say. */
  readonly isProved?: boolean;
}

/**
 * Takes many entries in: each weighed against the registers and the rows before it, then all of them in the log by one
 * append, and only then in the register. A row may refer to one above it.
 *
 * Faults: those of each bad row, which name it by its place from 1, and the log's; then nothing was changed.
 */
export function recordImport(
  wish: Import,
  by: string,
  books: RegisterBooks,
): Result<readonly RegisterEntry[], readonly Fault[]> {
  const weighing = weighRows(wish, by, books);
  for (;;) {
    const step = weighing.next();
    if (step.done === true) return step.value.ok ? enterRows(step.value.value, by, books) : step.value;
  }
}

/** Weighs rows one after the other, and gives after each how many are weighed. Nothing is written. */
export function* weighRows(
  { act, kind, bodies, isProved = false }: Import,
  by: string,
  { store }: Pick<RegisterBooks, 'store'>,
): Generator<number, Result<readonly RegisterChange[], readonly Fault[]>> {
  if (bodies.length > IMPORT_ROWS_MAX) return fail([tooMany(bodies.length)]);
  const { view, put } = overlay(viewOf(store));
  const changes: RegisterChange[] = [];
  const bad: (readonly Fault[])[] = [];
  for (const [at, body] of bodies.entries()) {
    const weighed = weighChange({ act, kind, body, isProved }, by, view);
    if (weighed.ok) {
      changes.push(weighed.value);
      put(weighed.value.after);
    } else bad.push(weighed.fault.map((fault) => ofRow(at + 1, fault)));
    yield at + 1;
  }
  if (bad.length > 0) return fail([...bad.slice(0, ROWS_TOLD_MAX).flat(), ...untold(bad.length - ROWS_TOLD_MAX)]);
  return ok(changes);
}

/** Enters what was weighed against the registers as they stand: in the log by one append, and only then in the register. */
export function enterRows(
  changes: readonly RegisterChange[],
  by: string,
  { operations, store }: RegisterBooks,
): Result<readonly RegisterEntry[], readonly Fault[]> {
  const entry = { kind: REGISTER_LOG_KIND, transferId: '', actor: by };
  const logged = operations.append(changes.map((change) => ({ ...entry, document: documentOf(change) })));
  if (!logged.ok) return fail([logged.fault]);
  const entries = changes.map(({ after }) => after);
  store.applyAll(entries, logged.value.firstIndex);
  return ok(entries);
}

/** The registers with rows laid over them that are not written yet. */
function overlay(below: Registers): { readonly view: Registers; readonly put: (entry: RegisterEntry) => void } {
  const above = createEntryIndex([]);
  const replaced = new Map<string, number>();
  const isAbove = (kind: string, id: string): boolean => above.find(kind, id) !== undefined;
  return {
    view: {
      find: (kind, id) => above.find(kind, id) ?? below.find(kind, id),
      findAny: (kind, id) => above.find(kind, id) ?? below.findAny(kind, id),
      list: (kind) => [...below.list(kind).filter(({ id }) => !isAbove(kind, id)), ...above.list(kind)],
      count: (kind) => below.count(kind) + above.count(kind) - (replaced.get(kind) ?? 0),
      holdersOf: (kind, number) => [
        ...below.holdersOf(kind, number).filter((id) => !isAbove(kind, id)),
        ...above.holdersOf(kind, number),
      ],
    },
    put: (entry) => {
      const { kind, id } = entry;
      const isFirst = !isAbove(kind, id) && below.find(kind, id) !== undefined;
      if (isFirst) replaced.set(kind, (replaced.get(kind) ?? 0) + 1);
      above.put(entry);
    },
  };
}

function ofRow(row: number, fault: Fault): Fault {
  const { en, zh } = fault.problem;
  return { ...fault, problem: bilingual(`row ${row}: ${en}`, `第 ${row} 行：${zh}`) };
}

function untold(rows: number): readonly Fault[] {
  if (rows <= 0) return [];
  const problem = bilingual(`${rows} more rows have faults`, `另有 ${rows} 行有误`);
  return [{ code: 'REGISTER_LIMIT', problem, remedy: CORRECT, retry: 'after-remedy' }];
}

function tooMany(rows: number): Fault {
  const problem = bilingual(
    `an import takes ${IMPORT_ROWS_MAX} rows at most, and this has ${rows}`,
    `一次最多导入 ${IMPORT_ROWS_MAX} 行，本次有 ${rows} 行`,
  );
  const remedy = bilingual(
    'divide the file; each part is taken whole or not at all',
    '请拆分文件；每部分整体导入或整体拒绝',
  );
  return { code: 'REGISTER_LIMIT', problem, remedy, retry: 'after-remedy' };
}

const CORRECT = bilingual(
  'correct the rows that are named and import again; nothing was changed',
  '请更正所列各行后重新导入；未作任何更改',
);
