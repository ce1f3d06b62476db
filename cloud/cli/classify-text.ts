import type { ClassReason } from '../classification/classification.ts';
import type { RecordsClassification } from '../classification/classify-records.ts';
import type { ItemResult } from '../classification/evaluate-item.ts';
import type { ItemFinding } from '../classification/item.ts';
import type { Language } from '../transfer/explain.ts';

type Result = RecordsClassification & { readonly duplicates: number; readonly digest: string };

/** A classification in lines for a person. */
export function classificationText(result: Result, language: Language): readonly string[] {
  const { records, vehicles, duplicates, classification, digest } = result;
  const { classes, important, reasons, items, unread } = classification;
  return [
    WORDS.head[language](records, vehicles, duplicates),
    `${WORDS.classes[language]} ${classes.join(' ')}`,
    ...reasons.map((reason) => reasonLine(reason, language)),
    `${WORDS.important[language]} ${important}`,
    ...items.filter(({ outcome }) => outcome !== 'no-hit').flatMap(itemLines),
    ...items.filter(({ outcome }) => outcome === 'no-hit').map(({ item }) => `  ${item}  no-hit`),
    `${WORDS.unread[language]} ${unread.join(' ')}`,
    `sha256 ${digest}`,
  ];
}

function reasonLine({ class: one, from, reason, cite }: ClassReason, language: Language): string {
  return `  ${one.padEnd(CLASS_COLUMNS)} ${from}: ${reason[language]} (${cite})`;
}

function itemLines({ item, outcome, clauses }: ItemResult): readonly string[] {
  return [`  ${item}  ${outcome}`, ...clauses.filter((one) => one.outcome !== 'no-hit').map(clauseLine)];
}

function clauseLine({ clause, outcome, measure, reached, atMost, figure, findings }: ItemFinding): string {
  const most = atMost === undefined ? '' : ` to ${atMost ?? '?'}`;
  const measured = measure === undefined ? '' : `  ${measure} ${reached}${most} of ${figure}`;
  const asked = findings === undefined ? '' : `  ${findings.join(' ')}`;
  return `    ${clause}  ${outcome}${measured}${asked}`;
}

const CLASS_COLUMNS = 10;

const WORDS = {
  head: {
    en: (records: number, vehicles: number, duplicates: number) =>
      `${records} records of ${vehicles} vehicles (${duplicates} duplicates left out)`,
    zh: (records: number, vehicles: number, duplicates: number) =>
      `${records} 条记录，${vehicles} 辆车（去除重复 ${duplicates} 条）`,
  },
  classes: { en: 'classes', zh: '类别' },
  important: { en: 'important data', zh: '重要数据' },
  unread: { en: 'items not read, evaluated for nothing:', zh: '未读到原文、不作判定的项目：' },
} as const;
