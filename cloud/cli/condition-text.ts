import type { KeyTest } from '../registers/deadline.ts';
import type { Language } from '../transfer/explain.ts';
import type { AmountTest, NamedFacts, NamedTest, Test } from '../transfer/rule.ts';
import {
  AMOUNT_ZH,
  BASIS_ZH,
  CONTENT_ZH,
  COUNTRY_ZH,
  DOCUMENT_ZH,
  MANNER_ZH,
  TRUTH_ZH,
} from './condition-words.table.ts';

/** Of a rule tests of facts, of a term values of an entry. */
export type Condition = Test | KeyTest;

/** All conditions of a row in one line; none is always met. */
export function conditionsText(conditions: readonly Condition[], language: Language): string {
  if (language === 'en') return `when ${conditions.map(english).join(' and ') || 'always'}`;
  return `条件：${conditions.map(chinese).join('；且') || '始终适用'}`;
}

function english(test: Condition): string {
  if ('key' in test) return 'in' in test ? `${test.key} in ${test.in.join('|')}` : `${test.key} >= ${test.atLeast}`;
  if ('is' in test) return `${test.fact} is ${test.is}`;
  if ('in' in test) return `${test.fact} in ${test.in.join('|')}`;
  const { fact, atLeast, below, over } = test;
  const bounds = [
    ...(atLeast === undefined ? [] : [`>= ${atLeast}`]),
    ...(over === undefined ? [] : [`> ${over}`]),
    ...(below === undefined ? [] : [`< ${below}`]),
  ];
  return `${fact} ${bounds.join(' and ')}`;
}

/** Keys of entries and their values stay as `register` takes them. */
function chinese(test: Condition): string {
  if ('key' in test)
    return 'in' in test ? `${test.key} 为 ${test.in.join(' 或 ')}` : `${test.key} 达 ${test.atLeast} 以上`;
  if (test.fact === 'claimedExemption') {
    const numbers = 'is' in test ? [test.is] : test.in;
    return `主张第${numbers.map((number) => `（${number}）`).join('、')}项豁免`;
  }
  if (test.fact === 'onFile') return `已备有${DOCUMENT_ZH[test.is]}`;
  return 'is' in test || 'in' in test ? named(test) : amount(test);
}

function named(test: NamedTest): string {
  const values: readonly string[] = 'is' in test ? [test.is] : test.in;
  const [value] = values;
  const { fact } = test;
  switch (fact) {
    case 'ciio':
    case 'recipientRegistered':
    case 'importantByOwnCatalogueOnly':
      return values.length === 1 ? TRUTH_ZH[fact][value === 'yes' ? 0 : 1] : TRUTH_ZH[fact].join('或');
    case 'recipientCountry':
      return `接收方所在国家或地区为${either(values, COUNTRY_ZH)}`;
    case 'manner':
      return `出境方式为${either(values, MANNER_ZH)}`;
    case 'legalBasis':
      return `处理的合法性基础为${either(values, BASIS_ZH)}`;
    default:
      return values
        .map((one) => `${one === 'present' ? '含' : '不含'}${CONTENT_ZH[fact satisfies Content]}`)
        .join('或');
  }
}

type Content = Exclude<
  keyof NamedFacts,
  'ciio' | 'recipientRegistered' | 'importantByOwnCatalogueOnly' | 'recipientCountry' | 'manner' | 'legalBasis'
>;

const either = (values: readonly string[], words: Readonly<Record<string, string>>): string =>
  values.map((value) => words[value] ?? value).join('或');

/** 以上 takes its number in, 不满 and 超过 leave it out, as the texts do. */
function amount({ fact, atLeast, below, over }: AmountTest): string {
  const bounds = [
    ...(atLeast === undefined ? [] : [`${atLeast} 人以上`]),
    ...(over === undefined ? [] : [`超过 ${over} 人`]),
    ...(below === undefined ? [] : [`不满 ${below} 人`]),
  ];
  return `${AMOUNT_ZH[fact]}${bounds.join('、')}`;
}
