import type { ClassReason } from '../classification/classification.ts';
import type { RecordsClassification } from '../classification/classify-records.ts';
import type { ItemResult } from '../classification/evaluate-item.ts';
import type { ItemFinding } from '../classification/item.ts';
import type { Language } from '../transfer/explain.ts';
import type { FileCounts } from './classify.command.ts';

type Result = RecordsClassification & FileCounts & { readonly digest: string };

/** A classification in lines for a person. */
export function classificationText(result: Result, language: Language): readonly string[] {
  const { records, vehicles, duplicates, damaged, classification, digest } = result;
  const { classes, important, reasons, items, unread } = classification;
  return [
    WORDS.head[language](records, vehicles, duplicates),
    ...(damaged.count === 0 ? [] : [damagedLine(damaged, language)]),
    `${WORDS.classes[language]} ${classes.join(' ')}`,
    ...reasons.map((reason) => reasonLine(reason, language)),
    `${WORDS.important[language]} ${important}`,
    ...items.filter(({ outcome }) => outcome !== 'no-hit').flatMap(itemLines),
    ...items.filter(({ outcome }) => outcome === 'no-hit').map(({ item }) => `  ${item}  no-hit`),
    `${WORDS.unread[language]} ${unread.join(' ')}`,
    `sha256 ${digest}`,
  ];
}

function damagedLine({ count, firstLines }: Result['damaged'], language: Language): string {
  const further = count > firstLines.length ? ' ...' : '';
  return `${WORDS.damaged[language](count)} ${firstLines.join(' ')}${further}`;
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
  damaged: {
    en: (count: number) => `${count} damaged frames left out, as the cloud refuses them; lines`,
    zh: (count: number) => `${count} 条报文已损坏，与云端一样拒收，未计入；行号`,
  },
  classes: { en: 'classes', zh: '类别' },
  important: { en: 'important data', zh: '重要数据' },
  unread: { en: 'items not read, evaluated for nothing:', zh: '未读到原文、不作判定的项目：' },
} as const;
