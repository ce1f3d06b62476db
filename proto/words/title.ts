import type { Bilingual } from './fault.ts';

/** What people call something: one text, or one for each language of the product. */
export type Title = string | Bilingual;

/** A title in one language; one that has a single text is called so in every language. */
export const titleIn = (title: Title, language: keyof Bilingual): string =>
  typeof title === 'string' ? title : title[language];

/** A title for what is kept and signed, where nobody chooses the language: both, English first. */
export const wholeTitle = (title: Title): string => (typeof title === 'string' ? title : `${title.en} ${title.zh}`);
