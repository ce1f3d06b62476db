import { bilingual } from '../../proto/words/fault.ts';
import type { DatedRow } from '../transfer/rule.ts';
import { READING_IDS } from '../transfer/rule.ts';
import type { LawParts } from './law-book.ts';
import { type OpenTable, outside, rowsOf } from './lay-over.ts';
import { type RulesFileFault, rulesFault, type Spot } from './operator-fault.ts';
import type { OperatorFile, OperatorRow, OperatorSignOff } from './operator-schema.ts';
import {
  isWeakerAnnual,
  isWeakerClause,
  isWeakerDeadline,
  isWeakerItem,
  isWeakerOnFile,
  isWeakerRetention,
  isWeakerRule,
  isWeakerZoneList,
} from './strictness.ts';

/** Finds the line of a path in the operator's file. */
export type SpotOf = (path: readonly (string | number)[]) => Spot;

/**
 * Judges rows of the right shape: is every one signed for, and does none weaken a shipped row without the legal sign-off
 * that names it? A prohibition is replaced by nobody.
 */
export function judgeRows(file: OperatorFile, shipped: LawParts, spotOf: SpotOf): readonly RulesFileFault[] {
  const signOffs = new Map(file.signOffs.map((one) => [one.id, one]));
  return [
    ...(signOffs.size < file.signOffs.length ? [twice(spotOf(['signOffs']))] : []),
    ...file.rows.flatMap((row, index) => judgeRow(row, { file, shipped, signOffs, spot: spotOf(['rows', index]) })),
    ...file.readings.flatMap(({ reading, signOff }, index) =>
      judgeReading(reading, signOffs.get(signOff), shipped, spotOf(['readings', index])),
    ),
    ...(new Set(file.readings.map(({ reading }) => reading)).size < file.readings.length
      ? [twice(spotOf(['readings']))]
      : []),
  ];
}

interface Judging {
  readonly file: OperatorFile;
  readonly shipped: LawParts;
  readonly signOffs: ReadonlyMap<string, OperatorSignOff>;
  readonly spot: Spot;
}

function judgeRow(row: OperatorRow, given: Judging): readonly RulesFileFault[] {
  const spot = { ...given.spot, name: `${row.table}/${row.id}` };
  const judging = { ...given, spot };
  const { shipped, signOffs } = judging;
  const signOff = signOffs.get(row.signOff);
  if (signOff === undefined) return [unsigned(spot)];
  if (row.table === 'instruments')
    return shipped.instruments.some(({ id }) => id === row.id) ? [instrumentTaken(spot)] : [];
  const faults = row.from < signOff.on ? [backdated(spot)] : [];
  if (replaced(row, shipped).some(isProhibition)) return [...faults, prohibited(spot)];
  const isSigned = signOff.kind === 'legal' && signOff.weakens?.includes(spot.name) === true;
  return isWeaker(row, judging) && !isSigned ? [...faults, weaker(spot)] : faults;
}

/** Shipped rows of that id whose time the row takes, whole or in part. */
function replaced(row: OperatorRow & DatedRow & { readonly table: OpenTable }, shipped: LawParts): readonly DatedRow[] {
  const rows: readonly DatedRow[] = shippedRows(shipped, row.table);
  return rows.filter((one) => {
    const left = outside(one, [row]);
    return left.length !== 1 || left[0] !== one;
  });
}

function shippedRows({ verdicts, classification, duties }: LawParts, table: OpenTable): readonly DatedRow[] {
  const tables: Readonly<Record<OpenTable, readonly DatedRow[]>> = { ...verdicts, ...classification, ...duties };
  return tables[table];
}

function isProhibition(row: DatedRow): boolean {
  return 'demands' in row && row.demands === 'never';
}

function isWeaker(
  row: OperatorRow & DatedRow & { readonly table: OpenTable },
  { file, shipped, spot }: Judging,
): boolean {
  const before = replaced(row, shipped);
  const compare = <T extends OpenTable, R extends DatedRow>(table: T, weakerThan: (one: R, other: R) => boolean) => {
    const after = rowsOf(file, table).find((one) => `${table}/${one.id}` === spot.name && one.from === row.from);
    return before.some((one) => after !== undefined && weakerThan(one as R, after as unknown as R));
  };
  switch (row.table) {
    case 'rules':
      // A grant that no shipped row gives opens a way out.
      return (before.length === 0 && row.grants !== undefined) || compare('rules', isWeakerRule);
    case 'onFile':
      return compare('onFile', isWeakerOnFile);
    case 'clauses':
      return compare('clauses', isWeakerClause);
    case 'items':
      return compare('items', isWeakerItem);
    case 'retention':
      return compare('retention', isWeakerRetention);
    case 'zoneLists':
      return before.length === 0
        ? rowsOf(file, 'zoneLists').some(
            ({ id, ...one }) => id === row.id && isWeakerZoneList(undefined, { id, ...one }),
          )
        : compare('zoneLists', isWeakerZoneList);
    case 'calendars':
      // Days cannot be called stricter or milder: a year that ships is corrected on a legal sign-off only.
      return before.length > 0 || shipped.verdicts.calendars.some(({ year }) => year === row.year);
    case 'deadlines':
      return compare('deadlines', isWeakerDeadline);
    case 'annual':
      return compare('annual', isWeakerAnnual);
    case 'timelines':
      // What others were told of how long a route takes: nothing is let out by it.
      return false;
    case 'functions':
      // A row of words: whether other words say less is for counsel.
      return before.length > 0;
  }
}

function judgeReading(
  reading: string,
  signOff: OperatorSignOff | undefined,
  { classification }: LawParts,
  at: Spot,
): readonly RulesFileFault[] {
  const spot = { ...at, name: `readings/${reading}` };
  if (signOff === undefined) return [unsigned(spot)];
  const isOfVerdict = READING_IDS.some((id) => id === reading);
  const row = classification.readings.find(({ id }) => id === reading);
  if (!isOfVerdict && row?.switch !== 'operator-file') return [fixed(spot)];
  return signOff.kind === 'legal' ? [] : [weaker(spot)];
}

const unsigned = (spot: Spot) =>
  rulesFault(
    'RULES_SIGN_OFF',
    spot,
    bilingual('its sign-off is not in `signOffs`', '其签认不在 `signOffs` 中'),
    bilingual(
      'record who signed, when and on what basis under `signOffs`, and name it',
      '在 `signOffs` 中记录签认人、日期和依据，并引用',
    ),
  );

const backdated = (spot: Spot) =>
  rulesFault(
    'RULES_SIGN_OFF',
    spot,
    bilingual('it begins before it was signed', '其生效日早于签认日'),
    bilingual(
      'let it begin on the day of the sign-off or later; the past is not rewritten',
      '自签认日或之后生效；不得改写过去',
    ),
  );

const weaker = (spot: Spot) =>
  rulesFault(
    'RULES_WEAKER',
    spot,
    bilingual('it may let out what the shipped row holds back', '其可能放行原有规则所阻止的数据'),
    bilingual(
      'have counsel sign: a sign-off of kind `legal` that names this row under `weakens`; or make the row as strict as the shipped one',
      '由法务签认（kind 为 `legal` 并在 `weakens` 中列明该行），或使其不低于原有规则',
    ),
  );

const prohibited = (spot: Spot) =>
  rulesFault(
    'RULES_PROHIBITION',
    spot,
    bilingual('it replaces a prohibition', '其替换了禁止性规则'),
    bilingual('remove the row; a prohibition changes with a release only', '删除该行；禁止性规则仅随版本更新'),
  );

const fixed = (spot: Spot) =>
  rulesFault(
    'RULES_WEAKER',
    spot,
    bilingual('this reading has no switch', '该解释不可切换'),
    bilingual(
      'remove it; `tongguan rules show ID` says why it is fixed',
      '删除该项；`tongguan rules show ID` 说明原因',
    ),
  );

const instrumentTaken = (spot: Spot) =>
  rulesFault(
    'RULES_CONTRADICTION',
    spot,
    bilingual('an instrument of this id ships already', '已有同名文件'),
    bilingual('give it another id', '改用其他编号'),
  );

const twice = (spot: Spot) =>
  rulesFault(
    'RULES_CONTRADICTION',
    spot,
    bilingual('it names something twice', '有重复项'),
    bilingual('keep one of the two', '保留其一'),
  );
