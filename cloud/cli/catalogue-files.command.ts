import { bilingual } from '../../proto/words/fault.ts';
import { SHIPPED_CATALOGUE } from '../catalogue/catalogue.ts';
import { judgeOverlay, type OverlayJudgement } from '../catalogue/judge-overlay.ts';
import { readOperatorRows, readYaml } from '../catalogue/operator-rows.ts';
import { OWN_LEAVES } from '../catalogue/own-leaves.table.ts';
import { VSS_LEAVES, VSS_TAG_LEAVES } from '../catalogue/vss-leaves.table.ts';
import { vssOverlay } from '../catalogue/vss-overlay.ts';
import { type CatalogueArgs, catalogueOf, readText, report } from './catalogue.command.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';

/**
 * `tongguan catalogue check [FILE]`: without a file, whether every leaf of VSS 6.0 has a row; with one, whether an operator's
 * rows may be laid over the shipped ones, or which signals of a VSS overlay have no row.
 *
 * @returns 0 when there is nothing to say, 3 when signals have no row and stay at home, 2 for a faulty file
 */
export async function catalogueCheckCommand(
  args: CatalogueArgs & { readonly file?: string },
  io: CliIo,
): Promise<ExitStatus> {
  const bound = await catalogueOf(args, io);
  if (!bound.ok) return report(bound.fault, args, io);
  if (args.file === undefined) {
    const all: Record<string, object> = Object.fromEntries(
      [...VSS_LEAVES, ...VSS_TAG_LEAVES, ...OWN_LEAVES].map(([path, type]) => [path, { type }]),
    );
    const judged = judgeOverlay(all, bound.value);
    return judged.ok ? tell(judged.value, args, io) : report([judged.fault], args, io);
  }
  const text = await readText(args.file, io);
  if (!text.ok) return report([text.fault], args, io);
  const read = readYaml(text.value);
  if (!read.ok) return report([read.fault], args, io);
  if (typeof read.value === 'object' && read.value !== null && 'rows' in read.value)
    return checkRows(text.value, args, io);
  const judged = judgeOverlay(read.value, bound.value);
  return judged.ok ? tell(judged.value, args, io) : report([judged.fault], args, io);
}

function checkRows(text: string, args: CatalogueArgs, io: CliIo): ExitStatus {
  const rows = readOperatorRows(text, SHIPPED_CATALOGUE);
  if (!rows.ok) return report(rows.fault, args, io);
  const signedOff = rows.value.own.filter(({ rule }) => rule === 'operator-signed-off').length;
  const { length } = rows.value.own;
  if (args.json) io.out(JSON.stringify({ rows: length, signedOff }));
  else
    io.out(
      bilingual(`${length} rows, ${signedOff} of them signed off`, `共 ${length} 个条目，其中 ${signedOff} 个经签批`)[
        args.language
      ],
    );
  return EXIT.done;
}

function tell(judged: OverlayJudgement, { json, language }: CatalogueArgs, io: CliIo): ExitStatus {
  const { known, unknown, differing } = judged;
  if (json) io.out(JSON.stringify(judged));
  else {
    io.out(bilingual(`${known} signals have a row`, `${known} 个信号有条目`)[language]);
    for (const path of unknown) io.out(`${path}  ${bilingual('no row: domestic-only', '无条目：仅限境内')[language]}`);
    for (const path of differing)
      io.out(
        `${path}  ${bilingual('annotated otherwise; the catalogue applies', '标注不一致，以数据目录为准')[language]}`,
      );
  }
  return unknown.length + differing.length === 0 ? EXIT.done : EXIT.withheld;
}

export interface CatalogueExportArgs extends CatalogueArgs {
  /** Where the overlay goes. */
  readonly overlay: string;
}

/** `tongguan catalogue export --overlay FILE`: the signals as a VSS overlay. Returns 0, 1 when it cannot be written, 2. */
export async function catalogueExportCommand(
  args: CatalogueExportArgs,
  io: CliIo & { readonly write: (file: string, text: string) => void },
): Promise<ExitStatus> {
  const bound = await catalogueOf(args, io);
  if (!bound.ok) return report(bound.fault, args, io);
  const added = [...VSS_TAG_LEAVES, ...OWN_LEAVES];
  const text = vssOverlay(VSS_LEAVES, added, bound.value.signal);
  try {
    io.write(args.overlay, text);
  } catch {
    const problem = bilingual('the overlay cannot be written', '无法写入覆盖文件');
    const remedy = bilingual('check the directory and its rights', '检查目录和权限');
    report([{ code: 'CATALOGUE_UNWRITABLE', problem, remedy, retry: 'after-remedy' }], args, io);
    return EXIT.fault;
  }
  const written = new Set([...VSS_LEAVES, ...added].map(([path]) => path));
  const leftOut = bound.value.rows.filter(({ path, value }) => value !== undefined && !written.has(path));
  if (args.json) io.out(JSON.stringify({ signals: written.size, leftOut: leftOut.map(({ path }) => path) }));
  else {
    io.out(bilingual(`${written.size} signals`, `${written.size} 个信号`)[args.language]);
    for (const { path } of leftOut) io.out(`${path}  ${LEFT_OUT[args.language]}`);
  }
  return EXIT.done;
}

/** A row of an operator says neither datatype nor unit, and an overlay would overrule those of his own tree. */
const LEFT_OUT = bilingual('left out: VSS does not have it', '未写入：VSS 中没有该信号');
