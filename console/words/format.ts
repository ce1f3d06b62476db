import type { Citation } from '../api/answers.ts';
import type { Language } from './language.ts';

/** Every time of the console is that of Asia/Shanghai, whoever looks. */
const MOMENT = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short', timeStyle: 'medium' });
const DAY = new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai', dateStyle: 'short' });
const COUNT = new Intl.NumberFormat('en-US');

/** @param at - UTC milliseconds, or RFC 3339 */
export const momentText = (at: number | string): string => MOMENT.format(new Date(at));
export const dayText = (at: number | string): string => DAY.format(new Date(at));
export const countText = (count: number): string => COUNT.format(count);

const UNITS = ['B', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

export function bytesText(bytes: number): string {
  const step = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** step;
  return `${step === 0 ? value : value.toFixed(1)} ${UNITS[step]}`;
}

/** The article of a citation, without the text that it stands in. */
export const articleText = ({ article, articleZh }: Citation, language: Language): string =>
  language === 'zh' ? articleZh : article;

/** The name of a text of law as it is quoted in each language. */
export const instrumentText = (title: string, language: Language): string =>
  language === 'zh' ? `《${title}》` : `${title},`;

const HOUR_MINUTES = 60;
const DAY_MINUTES = 1_440;

/** A span in its two largest units. */
export function spanText(minutes: number, language: Language): string {
  const parts = [
    [Math.floor(minutes / DAY_MINUTES), 'd', '天'],
    [Math.floor((minutes % DAY_MINUTES) / HOUR_MINUTES), 'h', '小时'],
    [minutes % HOUR_MINUTES, 'min', '分'],
  ] as const;
  const first = parts.findIndex(([count]) => count > 0);
  const shown = parts.slice(first < 0 ? 2 : first).slice(0, 2);
  return shown.map(([count, en, zh]) => (language === 'en' ? `${count} ${en}` : `${count}${zh}`)).join(' ');
}

const SHARE_LEAST = 0.001;

/** A share of a whole, never rounded to nothing where there is something. */
export function shareText(share: number): string {
  if (share > 0 && share < SHARE_LEAST) return '< 0.1%';
  return `${(share * 100).toFixed(1)}%`;
}

/** How far something is: whole is said only of what is done. */
export const wholeShareText = (share: number): string => `${Math.floor(share * 100)}%`;

/** Parameters of a question; what is empty is not asked. */
export function queryText(parts: Readonly<Record<string, string>>): string {
  return new URLSearchParams(Object.entries(parts).filter(([, value]) => value !== '')).toString();
}
