import { type Bilingual, bilingual } from '../../proto/words/fault.ts';

/** A figure as a person reads it: outcomes by their words, codes and counts as they are. */
export function inWords(value: number | string, language: keyof Bilingual): string {
  const text = String(value);
  const known = WORDS[text];
  if (known !== undefined) return known[language];
  const under = /^(permitted|awaiting-approval) under exemption-(\d)$/.exec(text);
  if (under === null) return text;
  const [, state = '', number = ''] = under;
  return STATES[state]?.(number)[language] ?? text;
}

const WORDS: Readonly<Record<string, Bilingual>> = {
  withheld: bilingual('withheld', '不予出境'),
  hit: bilingual('reached', '命中'),
  'no-hit': bilingual('not reached', '未命中'),
};

const STATES: Readonly<Record<string, (exemption: string) => Bilingual>> = {
  permitted: (number) => bilingual(`permitted under exemption ${number}`, `依豁免第 ${number} 项准予出境`),
  'awaiting-approval': (number) =>
    bilingual(`waits for approval, under exemption ${number}`, `依豁免第 ${number} 项，待审批`),
};
