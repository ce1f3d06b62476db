import { ref } from 'vue';
import type { Bilingual } from '../../proto/words/fault.ts';
import type { Title } from '../../proto/words/title.ts';
import { WORDS, type Word } from './words.table.ts';

export type Language = keyof Bilingual;

const KEPT_AS = 'tongguan-language';

const language = ref<Language>('zh');

/** As it was left, else what the browser asks for. */
export function openLanguage(): void {
  const kept = localStorage.getItem(KEPT_AS);
  speak(kept === 'en' || kept === 'zh' ? kept : navigator.language.startsWith('zh') ? 'zh' : 'en');
}

export function speak(next: Language): void {
  language.value = next;
  localStorage.setItem(KEPT_AS, next);
  document.documentElement.lang = next === 'zh' ? 'zh-CN' : 'en';
}

export const spoken = (): Language => language.value;

/** A word of the console in the language of the page. */
export function t(word: Word): string {
  return WORDS[word][language.value === 'en' ? 0 : 1];
}

/** What the API says in both languages, in the language of the page; what has one text is that text. */
export const say = (text: Title): string => (typeof text === 'string' ? text : text[language.value]);

/** A label and what it speaks of; a full-width colon brings its own space. */
export const labelled = (label: Word, text: string): string =>
  t(label).endsWith('：') ? `${t(label)}${text}` : `${t(label)} ${text}`;

/** What stands between the members of a list. */
export const comma = (): string => (language.value === 'zh' ? '、' : ', ');

/** Kinds of entries of logs, by their names in the language of the page. */
export function stepNames(): readonly (readonly [kind: string, name: string])[] {
  const words = Object.keys(WORDS).filter((word): word is Word => word.startsWith('step.'));
  const names = words.map((word) => [word.slice('step.'.length), t(word)] as const);
  return names.toSorted(([, one], [, other]) => one.localeCompare(other, language.value));
}

/** A name of the API such as a state or a reason; as it is where the table has no word for it. */
export function named(group: string, name: string): string {
  const word = `${group}.${name}`;
  return Object.hasOwn(WORDS, word) ? t(word as Word) : name;
}
