import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { namesVin } from '../../proto/words/vin.ts';
import type { AlertWish } from '../monitoring/act-on-alert.ts';
import type { Alert, AlertBook } from '../monitoring/alert-book.ts';
import { AUDITED_BY_CLOUD, type AuditBook } from '../monitoring/audit-book.ts';
import { PageAsked, pageOf } from './page.ts';
import { type ApiRoute, answered, apiRoute, outcomeOf } from './route.ts';

export interface MonitoringRoutesParts {
  readonly alerts: AlertBook;
  /** Which rules are at work and who is told. */
  readonly status: () => object;
  readonly audits: AuditBook;
  readonly act: (wish: AlertWish) => Result<Alert, Fault>;
  readonly runAudit: (month: string, by: string) => Result<object, Fault>;
  readonly signAudit: (month: string, by: string, remark: string) => Result<object, Fault>;
  readonly clock: Clock;
}

/** Reasons and remarks stand in a log, and a VIN does not. */
const text = z
  .string()
  .min(1)
  .max(512)
  .refine((one) => !namesVin(one), 'holds a VIN');
const account = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const Act = z
  .strictObject({
    id: z.string().regex(/^a-\d{1,16}$/),
    act: z.enum(['own', 'acknowledge', 'close']),
    owner: account.optional(),
    reason: text.optional(),
  })
  .refine(({ act, reason }) => act !== 'close' || reason !== undefined, { path: ['reason'] });
const Month = z.strictObject({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  remark: text.optional(),
});

/** Alerts in one answer; older ones are in the log. */
const LISTED_MAX = 1_000;
const AlertsAsked = PageAsked.extend({ limit: z.coerce.number().int().min(1).max(LISTED_MAX).default(LISTED_MAX) });

/** What the cloud does of itself bears its own name, which is nobody's. */
const person = { key: 'by', in: 'body', form: account.refine((one) => one !== AUDITED_BY_CLOUD) } as const;

/** `GET /alerts`, `POST /alerts/acts`, `GET /audits`, `POST /audits/run` and `/sign`. */
export function monitoringRoutes(parts: MonitoringRoutesParts): readonly ApiRoute[] {
  return [...alertRoutes(parts), ...auditRoutes(parts)];
}

function alertRoutes(parts: MonitoringRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/alerts',
      summary: 'alerts, newest first, and which rules are at work',
      query: AlertsAsked,
      invalid,
      answer: ({ query }) => {
        const { items, ...more } = pageOf(parts.alerts.list(), query, ({ id }) => id);
        return answered({ alerts: items, ...more, monitoring: parts.status() });
      },
    }),
    apiRoute({
      method: 'POST',
      path: '/alerts/acts',
      summary: 'own, acknowledge or close an alert',
      body: Act,
      by: person,
      isSigned: true,
      invalid,
      answer: ({ body: { id, act, owner, reason }, by: who }) =>
        outcomeOf(
          parts.act({
            ...{ id, act, by: who },
            ...(owner !== undefined && { owner }),
            ...(reason !== undefined && { reason }),
          }),
        ),
    }),
  ];
}

function auditRoutes(parts: MonitoringRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/audits',
      summary: 'months, and whether each was audited and signed',
      invalid,
      answer: () => answered({ audits: parts.audits.list(parts.clock.now()) }),
    }),
    apiRoute({
      method: 'POST',
      path: '/audits/run',
      summary: 'gather what a month held',
      body: Month,
      by: person,
      isSigned: true,
      invalid,
      answer: ({ body: { month }, by: who }) => outcomeOf(parts.runAudit(month, who)),
    }),
    apiRoute({
      method: 'POST',
      path: '/audits/sign',
      summary: 'sign a month with a remark',
      body: Month.required(),
      by: person,
      isSigned: true,
      invalid,
      answer: ({ body: { month, remark }, by: who }) => outcomeOf(parts.signAudit(month, who, remark)),
    }),
  ];
}

function invalid(key: string): Fault<'MONITORING_REQUEST'> {
  return {
    code: 'MONITORING_REQUEST',
    problem: bilingual(`the request is not valid at \`${key}\``, `请求在 \`${key}\` 处无效`),
    remedy: bilingual(
      'see docs/alerts.md; a closing needs its reason, a sign-off its remark',
      '参见 docs/alerts.md；关闭须说明原因，签署须填写意见',
    ),
    retry: 'after-remedy',
  };
}
