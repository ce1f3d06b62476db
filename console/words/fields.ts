import { FIELDS, HINTS, VALUES } from './fields.table.ts';
import { spoken } from './language.ts';

type Words = Readonly<Record<string, readonly [en: string, zh: string]>>;

const of = (words: Words, name: string): string | undefined => words[name]?.[spoken() === 'en' ? 0 : 1];

/** A key of an entry in the language of the page; as it is where the table has no word for it. */
export const fieldText = (key: string): string => of(FIELDS, key) ?? key;

/** What has to be known before a key is filled in. */
export const fieldHint = (key: string): string | undefined => of(HINTS, key);

/** A value that a form offers, in the language of the page. */
export const valueText = (value: string): string => of(VALUES, value) ?? value;
