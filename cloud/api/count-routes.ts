import { z } from 'zod';
import { type Clock, civilDateOf, civilYearOf } from '../../proto/words/time.ts';
import { type GroupCounts, withGroup } from '../counting/with-group.ts';
import type { PersonKind, TransferRegister, YearTotals } from '../ports/transfer-register.ts';
import { pacesOf } from '../transfer/pace.ts';
import { crossingsOf } from '../transfer/plan-routes.ts';
import { type RuleBook, rulesOn } from '../transfer/rule-book.ts';
import { type ApiRoute, answered, apiRoute } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface CountRoutesParts {
  readonly transfers: Pick<TransferRegister, 'totals' | 'countedDays' | 'volumes'>;
  readonly recipients: readonly { readonly id: string; readonly endpoint: string }[];
  readonly rules: RuleBook;
  /** Whether persons under exemptions count on a day. */
  readonly scope: (on: ReturnType<typeof civilDateOf>) => 'all' | 'outside-exemptions';
  /** What other members of the group have counted; `unknown` when one has told nothing of the year. */
  readonly groupCounts: (year: number) => GroupCounts | 'unknown';
  readonly clock: Clock;
}

/** No transfer is of a year outside these. */
const YEAR_MIN = 2_020;
const YEAR_MAX = 2_199;

/** A year of before has no pace any more, and thresholds are those of today. */
const Asked = z.strictObject({ year: z.coerce.number().int().min(YEAR_MIN).max(YEAR_MAX).optional() });

/** `/transfer-counts`: how many transfers stand where, by dataset and recipient. */
export function tallyRoutes({ tallies }: Pick<TransferRegister, 'tallies'>): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'GET', path: '/transfer-counts', summary: 'transfers counted by dataset, recipient and state' },
      invalid: noQuestion,
      answer: () => answered({ tallies: tallies() }),
    }),
  ];
}

/**
 * `/counts`: persons and bytes of the year, thresholds of today's rules, and when this year's pace reaches each. Bytes are those of
 * CNT-9, by dataset and channel: the endpoint of a recipient.
 */
export function countRoutes({
  transfers,
  recipients,
  rules,
  scope,
  groupCounts,
  clock,
}: CountRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{
        method: 'GET',
        path: '/counts',
        summary: 'persons and bytes of a year, alone and with the group, thresholds, and when each is reached',
      },
      query: Asked,
      invalid: noQuestion,
      answer: ({ query }) => {
        const now = clock.now();
        const on = civilDateOf(now);
        const year = query.year ?? civilYearOf(now);
        const isNow = year === civilYearOf(now);
        const of = (kind: PersonKind): YearTotals => transfers.totals(year, kind);
        const [plain, sensitive] = [of('plain'), of('sensitive')];
        const key = scope(on) === 'all' ? 'all' : 'outsideExemptions';
        const counted = (totals: YearTotals) => ({ before: totals[key], transfer: 0, projected: totals[key] });
        const counts = { year, persons: counted(plain), sensitivePersons: counted(sensitive) };
        const { digest } = rulesOn(rules, on);
        const paces = isNow ? pacesOf({ on, counts }, transfers.countedDays(year, scope(on))) : null;
        const crossings = paces === null ? [] : crossingsOf({ on, counts }, rules, paces);
        const thresholds = crossings.map(({ on: reachedOn, ...crossing }) => ({
          ...crossing,
          reachedOn: reachedOn ?? null,
        }));
        return answered({
          on,
          year,
          persons: plain,
          sensitivePersons: sensitive,
          group: consolidated(counts, groupCounts(year)),
          counts: key,
          thresholds,
          paces,
          volumes: transfers.volumes(year).map((one) => ({
            ...one,
            endpoint: recipients.find(({ id }) => id === one.recipientId)?.endpoint ?? null,
          })),
          digest,
        });
      },
    }),
  ];
}

type OwnCounts = Readonly<Record<'persons' | 'sensitivePersons', Parameters<typeof withGroup>[0]>>;

/** Persons of the year over all members of the group, ours among them. */
function consolidated(own: OwnCounts, members: GroupCounts | 'unknown'): GroupCounts | 'unknown' {
  const persons = withGroup(own.persons, members, 'plain');
  const sensitive = withGroup(own.sensitivePersons, members, 'sensitive');
  if (persons === 'unknown' || sensitive === 'unknown') return 'unknown';
  return { persons: persons.projected, sensitivePersons: sensitive.projected };
}
