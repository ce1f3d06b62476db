import { DATA_CLASSES, type DataClass, strictest } from '../../proto/words/data-class.ts';
import { type Bilingual, bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import { type Catalogue, isKindId, SHIPPED_CATALOGUE, UNKNOWN_ROW } from '../catalogue/catalogue.ts';
import type { CatalogueRow } from '../catalogue/catalogue-row.ts';
import { catalogueUnreadable } from '../catalogue/catalogue-unreadable.ts';
import { decisionOf, explainRow } from '../catalogue/explain-row.ts';
import { readOperatorRows } from '../catalogue/operator-rows.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';

export interface CatalogueArgs {
  readonly json: boolean;
  readonly language: keyof Bilingual;
  /** An operator's own rows, laid over the shipped ones. */
  readonly operator?: string;
}

export interface CatalogueListArgs extends CatalogueArgs {
  readonly class?: string;
  /** A branch of VSS, or the beginning of ids of kinds up to a dot. */
  readonly branch?: string;
}

/** `tongguan catalogue list [--class C] [--branch B]`: rows, one a line or as one JSON array. Returns 0, or 2. */
export async function catalogueListCommand(args: CatalogueListArgs, io: CliIo): Promise<ExitStatus> {
  const isClass = (name: string): name is DataClass => DATA_CLASSES.some((one) => one === name);
  if (args.class !== undefined && !isClass(args.class)) return report([filterFault('class')], args, io);
  const bound = await catalogueOf(args, io);
  if (!bound.ok) return report(bound.fault, args, io);
  const { class: wanted, branch } = args;
  const rows = bound.value.rows.filter(
    (row) => (wanted === undefined || row.classes.some((one) => one === wanted)) && isUnder(row.path, branch),
  );
  if (rows.length === 0) return report([filterFault('branch')], args, io);
  if (args.json) io.out(JSON.stringify(rows.map(listed)));
  else for (const row of rows) io.out(line(row));
  return EXIT.done;
}

/** `tongguan catalogue explain WHAT`: the row of a signal or a kind, the rule that decided it and the ones passed over. */
export async function catalogueExplainCommand(
  args: CatalogueArgs & { readonly name: string },
  io: CliIo,
): Promise<ExitStatus> {
  const bound = await catalogueOf(args, io);
  if (!bound.ok) return report(bound.fault, args, io);
  const row = rowNamed(args.name, bound.value);
  if (!row.ok) return report([row.fault], args, io);
  if (args.json) io.out(JSON.stringify({ ...listed(row.value), ...decisionOf(row.value) }));
  else for (const text of explainRow(row.value, args.language)) io.out(text);
  return EXIT.done;
}

/** The shipped rows, or an operator's over them. */
export async function catalogueOf(
  { operator }: CatalogueArgs,
  io: CliIo,
): Promise<Result<Catalogue, readonly Fault[]>> {
  if (operator === undefined) return ok(SHIPPED_CATALOGUE);
  const text = await readText(operator, io);
  if (!text.ok) return fail([text.fault]);
  const read = readOperatorRows(text.value, SHIPPED_CATALOGUE);
  return read.ok ? ok(read.value.catalogue) : read;
}

export async function readText(path: string, io: CliIo): Promise<Result<string, Fault>> {
  try {
    return ok(await io.readFile(path));
  } catch (cause) {
    return fail(catalogueUnreadable(cause));
  }
}

export function report(faults: readonly Fault[], { json, language }: CatalogueArgs, io: CliIo): ExitStatus {
  if (json) io.out(JSON.stringify({ faults }));
  for (const fault of faults) io.err(renderFault('tongguan', fault, language));
  return EXIT.usage;
}

/** A row with its strictest class by itself, for whoever sorts by one. */
function listed({ path, ...row }: CatalogueRow): object {
  return { path, class: strictest(row.classes), ...row };
}

function line({ path, classes, exportable, edge, items, rule }: CatalogueRow): string {
  const leave = exportable ? 'exportable' : 'domestic-only';
  return `${path}  ${classes.join('+')}  ${leave}  edge:${edge}  ${items.join(',') || '-'}  ${rule}`;
}

function isUnder(path: string, branch: string | undefined): boolean {
  return branch === undefined || path === branch || path.startsWith(`${branch}.`);
}

function rowNamed(name: string, catalogue: Catalogue): Result<CatalogueRow, Fault> {
  if (isKindId(name)) return ok(catalogue.kind(name));
  if (!parseVssPath(name).ok || carriesIdentifier(name)) return fail(nameFault());
  const row = catalogue.signal(name);
  if (row !== undefined) return ok(row);
  const leaves = catalogue.rows.filter(({ path }) => path.startsWith(`${name}.`)).length;
  return leaves === 0 ? ok({ ...UNKNOWN_ROW, path: name }) : fail(branchFault(name, leaves));
}

/** What was asked is not quoted: somebody may have asked with a VIN. */
function nameFault(): Fault {
  return {
    code: 'CATALOGUE_NAME',
    problem: bilingual('that is neither a VSS path nor the id of a kind', '既不是 VSS 信号路径也不是数据种类标识'),
    remedy: bilingual('look for it with `tongguan catalogue list`', '使用 `tongguan catalogue list` 查找'),
    retry: 'after-remedy',
  };
}

function branchFault(name: string, leaves: number): Fault {
  return {
    code: 'CATALOGUE_BRANCH',
    problem: bilingual(`\`${name}\` is a branch with ${leaves} signals`, `\`${name}\` 是含 ${leaves} 个信号的分支`),
    remedy: bilingual(
      'name one signal, or use `tongguan catalogue list --branch`',
      '请指定单个信号，或使用 `tongguan catalogue list --branch`',
    ),
    retry: 'after-remedy',
  };
}

function filterFault(which: 'class' | 'branch'): Fault {
  return {
    code: 'CATALOGUE_FILTER',
    problem: bilingual(`no row has that ${which}`, `没有符合该 ${which} 的条目`),
    remedy: bilingual(
      `classes are ${DATA_CLASSES.join(', ')}; branches are those of VSS`,
      `类别为 ${DATA_CLASSES.join('、')}；分支为 VSS 分支`,
    ),
    retry: 'after-remedy',
  };
}
