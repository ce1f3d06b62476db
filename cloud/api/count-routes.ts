import { type Clock, civilDateOf, civilYearOf } from '../../proto/words/time.ts';
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
  readonly clock: Clock;
}

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
export function countRoutes({ transfers, recipients, rules, scope, clock }: CountRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{
        method: 'GET',
        path: '/counts',
        summary: 'persons and bytes of the year, thresholds, and when each is reached',
      },
      invalid: noQuestion,
      answer: () => {
        const now = clock.now();
        const [on, year] = [civilDateOf(now), civilYearOf(now)];
        const of = (kind: PersonKind): YearTotals => transfers.totals(year, kind);
        const [plain, sensitive] = [of('plain'), of('sensitive')];
        const key = scope(on) === 'all' ? 'all' : 'outsideExemptions';
        const counted = (totals: YearTotals) => ({ before: totals[key], transfer: 0, projected: totals[key] });
        const counts = { year, persons: counted(plain), sensitivePersons: counted(sensitive) };
        const { digest } = rulesOn(rules, on);
        const paces = pacesOf({ on, counts }, transfers.countedDays(year, scope(on)));
        const thresholds = crossingsOf({ on, counts }, rules, paces).map(({ on: reachedOn, ...crossing }) => ({
          ...crossing,
          reachedOn: reachedOn ?? null,
        }));
        return answered({
          on,
          year,
          persons: plain,
          sensitivePersons: sensitive,
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
