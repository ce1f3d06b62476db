import type { Bilingual } from '../../proto/words/fault.ts';
import type { CatalogueRow } from './catalogue-row.ts';
import { CITATIONS } from './citations.table.ts';
import { indexRules } from './leaf-match.ts';
import { LEAF_RULES, type LeafRule } from './leaf-rules.table.ts';

/** How a row came to be: the rules that speak of its path, the deciding one first. None for a kind or an operator's row. */
export interface Decision {
  readonly decided?: LeafRule;
  readonly passedOver: readonly LeafRule[];
}

const index = indexRules(LEAF_RULES);

export function decisionOf({ path, rule }: CatalogueRow): Decision {
  const [decided, ...passedOver] = index.matching(path);
  return decided?.id === rule ? { decided, passedOver } : { passedOver: [] };
}

/** A row as lines for a person: what it says, which rule said so and why, and which rules were passed over. */
export function explainRow(row: CatalogueRow, language: keyof Bilingual): readonly string[] {
  const word = WORDS[language];
  const { decided, passedOver } = decisionOf(row);
  const bounds = [row.min, row.max].some((one) => one !== undefined) ? ` [${row.min ?? '-'}, ${row.max ?? '-'}]` : '';
  const isGuarded = row.value === 'text' && decided !== undefined;
  return [
    row.path,
    `  ${word.classes}: ${row.classes.join(', ')}`,
    `  ${row.exportable ? word.exportable : word.domestic}; ${row.edge === 'allowed' ? word.allowed : word.forbidden}`,
    `  ${word.zone}: ${row.zone}; ${word.kind}: ${row.fieldKind}; ${word.retention}: ${row.retention}`,
    `  ${word.items}: ${row.items.join(' ') || word.none}`,
    ...(row.value === undefined ? [] : [`  ${word.value}: ${row.value}${bounds}`]),
    `  ${word.rule}: ${row.rule}${decided === undefined ? '' : ` (${reach(decided)})`}`,
    `  ${word.because}: ${row.reason[language]}`,
    ...(isGuarded ? [`  ${word.text}`] : []),
    `  ${word.cite}: ${CITATIONS[row.cite]?.[language] ?? row.cite}`,
    ...passedOver.map((rule) => `  ${word.passedOver}: ${rule.id} (${reach(rule)}): ${rule.reason[language]}`),
  ];
}

function reach({ under, names }: LeafRule): string {
  return names === undefined ? `${under}.**` : names.map((name) => `${under}.${name}`).join(' | ');
}

// biome-ignore format: two languages side by side
const WORDS = {
  en: {
    classes: 'classes', exportable: 'a dataset may hold it', domestic: 'domestic-only: no dataset may hold it',
    allowed: 'a vehicle may send it under its policy', forbidden: 'no agent on a vehicle sends it', zone: 'zone', kind: 'kind of field',
    retention: 'retention', items: 'items of important data to test', none: 'none', value: 'value', rule: 'decided by rule',
    because: 'because', cite: 'after', passedOver: 'passed over, less near',
    text: 'and because a position or a name can ride in any text, it is kept apart and never exported',
  },
  zh: {
    classes: '类别', exportable: '可进入出境数据集', domestic: '仅限境内：不得进入出境数据集',
    allowed: '车辆可按策略上传', forbidden: '车端代理不得上传', zone: '分区', kind: '字段种类',
    retention: '保存期限', items: '需判定的重要数据项', none: '无', value: '取值', rule: '判定规则',
    because: '理由', cite: '依据', passedOver: '未采用的较远规则',
    text: '文本可夹带位置或姓名，故单独存放且不得出境',
  },
} as const satisfies Readonly<Record<keyof Bilingual, object>>;
