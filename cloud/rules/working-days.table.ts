import type { CivilDate } from '../../proto/words/time.ts';
import type { CalendarRow } from '../transfer/rule.ts';

const day = (text: string) => text as CivilDate;

/** Working days of the mainland by calendar year. A year that is not here withholds where a term is counted in it. */
export const WORKING_DAYS: readonly CalendarRow[] = [
  {
    id: 'CALENDAR-2026',
    from: day('2025-11-04'),
    year: 2026,
    holidays: [
      [day('2026-01-01'), day('2026-01-03')],
      [day('2026-02-15'), day('2026-02-23')],
      [day('2026-04-04'), day('2026-04-06')],
      [day('2026-05-01'), day('2026-05-05')],
      [day('2026-06-19'), day('2026-06-21')],
      [day('2026-09-25'), day('2026-09-27')],
      [day('2026-10-01'), day('2026-10-07')],
    ],
    // biome-ignore format: one row
    workingWeekendDays: [
      day('2026-01-04'), day('2026-02-14'), day('2026-02-28'), day('2026-05-09'), day('2026-09-20'), day('2026-10-10'),
    ],
    citation: { instrument: 'HOLIDAYS-2026', article: 'items 1-7', articleZh: '第一至七项' },
  },
];
