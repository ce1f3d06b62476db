import { createEvents, type EventAttributes } from 'ics';
import { assert } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { AgendaItem } from '../registers/agenda.ts';

/** A reminder comes this long before a clock runs out. */
const REMINDER_HOURS = 24;

/**
 * The agenda as iCalendar (RFC 5545), each clock an event of one minute that ends when it runs out. What cannot be counted
 * has no instant and is not in it.
 *
 * @param now - stamped on the events, milliseconds since 1970 UTC
 */
export function calendarOf(items: readonly AgendaItem[], language: 'en' | 'zh', now: Instant): string {
  const events = items.flatMap((item) => eventOf(item, language, now));
  const { error, value } = createEvents(events, { productId: 'tongguan/agenda', method: 'PUBLISH' });
  assert(error === null || error === undefined, 'an agenda can be written as iCalendar');
  return value ?? '';
}

function eventOf(item: AgendaItem, language: 'en' | 'zh', now: Instant): readonly StampedEvent[] {
  const { dueAt, kind, entry, rule, title, citation } = item;
  if (dueAt === undefined) return [];
  const article = language === 'zh' ? citation.articleZh : citation.article;
  return [
    {
      uid: `${rule}.${kind}.${entry}@tongguan`,
      timestamp: now,
      title: `${title[language]}: ${kind}/${entry}`,
      description: `${rule}, ${citation.instrument} ${article}`,
      start: dueAt - MINUTE_MS,
      startInputType: 'utc',
      startOutputType: 'utc',
      duration: { minutes: 1 },
      alarms: [{ action: 'display', description: title[language], trigger: { before: true, hours: REMINDER_HOURS } }],
    },
  ];
}

/** The library takes a stamp; its types do not say so. */
type StampedEvent = EventAttributes & { readonly timestamp: number };

const MINUTE_MS = 60_000;
