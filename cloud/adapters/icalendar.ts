import { createEvents, type EventAttributes } from 'ics';
import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { assert } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf, type Instant } from '../../proto/words/time.ts';
import type { AgendaItem } from '../registers/agenda.ts';

/** A reminder comes this long before a clock runs out. */
const REMINDER_HOURS = 24;

/**
 * The agenda as iCalendar (RFC 5545), each clock an event of one minute that ends when it runs out. What cannot be counted counts as
 * run out: it stands as an event of all day on the day of the calendar, and so again on each later day on which the calendar is fetched.
 *
 * @param now - stamped on the events, milliseconds since 1970 UTC; its day in Asia/Shanghai is that of what cannot be counted
 */
export function calendarOf(items: readonly AgendaItem[], language: 'en' | 'zh', now: Instant): string {
  const events = items.map((item) => eventOf(item, language, now));
  const { error, value } = createEvents(events, { productId: 'tongguan/agenda', method: 'PUBLISH' });
  assert(error === null || error === undefined, 'an agenda can be written as iCalendar');
  return value ?? '';
}

function eventOf(item: AgendaItem, language: 'en' | 'zh', now: Instant): StampedEvent {
  const { dueAt, kind, entry, rule, title, citation } = item;
  const article = language === 'zh' ? citation.articleZh : citation.article;
  const name = `${title[language]}: ${kind}/${entry}`;
  const source = `${rule}, ${citation.instrument} ${article}`;
  const head = { uid: `${rule}.${kind}.${entry}@tongguan`, timestamp: now };
  if (dueAt === undefined)
    return {
      ...head,
      ...{ title: `${ACT_NOW[language]}: ${name}`, description: `${source}. ${WHY_NOW[language]}` },
      ...{ start: dayParts(civilDateOf(now)), duration: { days: 1 } },
    };
  const reminder = { before: true, hours: REMINDER_HOURS };
  return {
    ...head,
    ...{ title: name, description: source },
    start: dueAt - MINUTE_MS,
    startInputType: 'utc',
    startOutputType: 'utc',
    duration: { minutes: 1 },
    alarms: [{ action: 'display', description: title[language], trigger: reminder }],
  };
}

const ACT_NOW: Bilingual = bilingual('act now', '请立即处理');
const WHY_NOW: Bilingual = bilingual(
  'Its term reaches into a year whose working days are not known here; it counts as run out',
  '期限涉及尚无工作日历的年份，视为已届满',
);

const dayParts = (day: CivilDate): [number, number, number] =>
  [day.slice(0, 4), day.slice(5, 7), day.slice(8, 10)].map(Number) as [number, number, number];

/** The library takes a stamp; its types do not say so. */
type StampedEvent = EventAttributes & { readonly timestamp: number };

const MINUTE_MS = 60_000;
