import { parseDocument } from 'yaml';
import { z } from 'zod';
import { DATA_CLASSES, ZONES } from '../../proto/words/data-class.ts';
import { type Bilingual, bilingual, type Fault } from '../../proto/words/fault.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { parseCivilDate } from '../../proto/words/time.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import { FIELD_KIND_NAMES } from '../rules/field-kinds.table.ts';
import { bindCatalogue, type Catalogue, isKindId, UNKNOWN_ROW } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { EVERY_ITEM } from './every-item.table.ts';
import { HANDLINGS } from './handlings.table.ts';
import { contradictionsOf, milderIn } from './strictness.ts';

/** Faults of a file that an operator wrote: rows of his own, or an overlay. */
export type OperatorRowsFault = Fault<
  'CATALOGUE_TOO_LARGE' | 'CATALOGUE_SYNTAX' | 'CATALOGUE_INVALID' | 'CATALOGUE_CONTRADICTION' | 'CATALOGUE_MILDER'
>;

/** Rows of one file: more than any maker adds to VSS. */
const ROWS_MAX = 5_000;
const CHARACTERS_MAX = 4_194_304;
/** More faults than this help nobody; the rest appear once these are mended. */
const FAULTS_MAX = 50;

const text = z.string().min(2).max(300);
const retention = z.enum([...new Set(Object.values(HANDLINGS).map((one) => one.retention))]);

const SignOff = z.strictObject({
  by: z.string().min(2).max(100),
  on: z.string().refine((day) => parseCivilDate(day).ok, 'expected an existing day, YYYY-MM-DD'),
  reference: z.string().min(1).max(200),
});

const Row = z.strictObject({
  path: z
    .string()
    .max(128)
    .refine(
      (path) => (parseVssPath(path).ok || isKindId(path)) && !carriesIdentifier(path),
      'expected a VSS path or the id of a kind',
    ),
  classes: z.array(z.enum(DATA_CLASSES)).min(1).max(DATA_CLASSES.length),
  fieldKind: z.enum(FIELD_KIND_NAMES),
  items: z.array(z.enum(EVERY_ITEM)).max(EVERY_ITEM.length),
  zone: z.enum(ZONES).exclude(['quarantine']),
  exportable: z.boolean(),
  edge: z.enum(['allowed', 'forbidden']),
  retention,
  reason: z.strictObject({ en: text, zh: text }),
  cite: z.string().min(1).max(100),
  value: z.enum(['flag', 'number', 'text']).optional(),
  min: z.number().optional(),
  max: z.number().optional(),
  signOff: SignOff.optional(),
});

const OperatorRows = z.strictObject({ rows: z.array(Row).min(1).max(ROWS_MAX) });

type OperatorRow = z.infer<typeof Row>;

/**
 * An operator's own rows, laid over the shipped ones. A row may be stricter than what it replaces; one that is milder in
 * anything needs the name of who signed it off, the day and where that is on file; and some things no signature opens.
 *
 * @param written - YAML 1.2 or JSON: `rows`, each with every field of a row
 * @returns the catalogue of this installation, or one fault for each mistake; nothing of a file with a fault is used
 */
export function readOperatorRows(
  written: string,
  shipped: Catalogue,
): Result<{ readonly catalogue: Catalogue; readonly own: readonly CatalogueRow[] }, readonly OperatorRowsFault[]> {
  const read = readYaml(written);
  if (!read.ok) return fail([read.fault]);
  const parsed = OperatorRows.safeParse(read.value);
  if (!parsed.success)
    return fail(parsed.error.issues.slice(0, FAULTS_MAX).map(({ path, message }) => invalid(path, message)));
  const { rows } = parsed.data;
  const faults = rows.flatMap((row, at) =>
    faultsOf(row, rows.findIndex(({ path }) => path === row.path) < at, shipped),
  );
  if (faults.length > 0) return fail(faults.slice(0, FAULTS_MAX));
  const own = rows.map(rowOf);
  return ok({ catalogue: bindCatalogue([...shipped.rows, ...own]), own });
}

/** YAML as an operator writes it: no aliases, no repeated keys. */
export function readYaml(written: string): Result<unknown, OperatorRowsFault> {
  if (written.length > CHARACTERS_MAX) {
    const problem = bilingual(
      `the file has more than ${CHARACTERS_MAX} characters`,
      `文件超过 ${CHARACTERS_MAX} 个字符`,
    );
    return fail({ code: 'CATALOGUE_TOO_LARGE', problem, remedy: REMEDY, retry: 'after-remedy' });
  }
  const document = parseDocument(written, { version: '1.2', schema: 'core', uniqueKeys: true, logLevel: 'silent' });
  const broken = [...document.errors, ...document.warnings][0];
  if (broken !== undefined) return fail(syntax(broken.linePos?.[0].line ?? 1, broken.code));
  try {
    return ok(document.toJS({ maxAliasCount: 0 }) as unknown);
  } catch {
    return fail(syntax(1, 'ALIAS'));
  }
}

function rowOf({ signOff, value, min, max, ...row }: OperatorRow): CatalogueRow {
  const rule = signOff === undefined ? 'operator' : 'operator-signed-off';
  const bounds = { ...(min === undefined ? {} : { min }), ...(max === undefined ? {} : { max }) };
  return { ...row, rule, ...(value === undefined ? {} : { value }), ...bounds };
}

function faultsOf(row: OperatorRow, isRepeated: boolean, shipped: Catalogue): readonly OperatorRowsFault[] {
  const own = rowOf(row);
  const before = isKindId(row.path) ? shipped.kind(row.path) : (shipped.signal(row.path) ?? UNKNOWN_ROW);
  const wrong = [...contradictionsOf(own, before), ...(isRepeated ? ['repeated'] : [])];
  const milder = row.signOff === undefined ? milderIn(own, before) : [];
  return [
    ...wrong.map((name) =>
      about(
        row.path,
        'CATALOGUE_CONTRADICTION',
        bilingual(
          `it contradicts itself or what is never opened: ${name}`,
          `条目自相矛盾或触及不可放宽的内容：${name}`,
        ),
        REMEDY,
      ),
    ),
    ...(milder.length === 0
      ? []
      : [
          about(
            row.path,
            'CATALOGUE_MILDER',
            bilingual(`it is milder than shipped in ${milder.join(', ')}`, `比出厂条目宽松：${milder.join('、')}`),
            SIGN,
          ),
        ]),
  ];
}

const REMEDY = bilingual(
  'correct the row; docs/catalogue.md explains each field',
  '更正该条目；各字段说明见 docs/catalogue.md',
);
const SIGN = bilingual(
  'make it as strict as the shipped row, or add `signOff` with `by`, `on` and `reference`',
  '按出厂条目从严填写，或补充 `signOff`（`by`、`on`、`reference`）',
);

function about(
  path: string,
  code: OperatorRowsFault['code'],
  problem: Bilingual,
  remedy: Bilingual,
): OperatorRowsFault {
  return {
    code,
    problem: bilingual(`row \`${path}\`: ${problem.en}`, `条目 \`${path}\`：${problem.zh}`),
    remedy,
    retry: 'after-remedy',
  };
}

/** What was written is not quoted: somebody may have put a VIN where a path belongs. */
function invalid(path: readonly PropertyKey[], message: string): OperatorRowsFault {
  const key = path.map(String).join('.') || '(root)';
  return {
    code: 'CATALOGUE_INVALID',
    problem: bilingual(`\`${key}\`: ${message}`, `\`${key}\` 有误：${message}`),
    remedy: REMEDY,
    retry: 'after-remedy',
  };
}

function syntax(line: number, code: string): OperatorRowsFault {
  const problem = bilingual(`line ${line} is not YAML: ${code}`, `第 ${line} 行不是有效的 YAML：${code}`);
  return { code: 'CATALOGUE_SYNTAX', problem, remedy: REMEDY, retry: 'after-remedy' };
}
