import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { Clock } from '../../proto/words/time.ts';
import { findVins } from '../../proto/words/vin.ts';
import type { AlertWish } from '../monitoring/act-on-alert.ts';
import type { Alert, AlertBook } from '../monitoring/alert-book.ts';
import type { AuditBook } from '../monitoring/audit-book.ts';
import type { ApiAnswer, ApiRoute } from './local-api.ts';

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
  .refine((one) => findVins(one).length === 0, 'holds a VIN');
const account = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/);
const Act = z
  .strictObject({
    id: z.string().regex(/^a-\d{1,16}$/),
    act: z.enum(['own', 'acknowledge', 'close']),
    by: account,
    owner: account.optional(),
    reason: text.optional(),
  })
  .refine(({ act, reason }) => act !== 'close' || reason !== undefined, { path: ['reason'] });
const Month = z.strictObject({
  month: z.string().regex(/^\d{4}-(0[1-9]|1[0-2])$/),
  by: account,
  remark: text.optional(),
});

/** Alerts in one answer; older ones are in the log. */
const LISTED_MAX = 1_000;

/** `GET /v1/alerts`, `POST /v1/alerts/acts`, `GET /v1/audits`, `POST /v1/audits/run` and `/sign`. */
export function monitoringRoutes(parts: MonitoringRoutesParts): readonly ApiRoute[] {
  const answerOf = (done: Result<object, Fault>): ApiAnswer =>
    done.ok ? { status: 200, body: done.value } : { status: 409, body: { fault: done.fault } };
  return [
    {
      method: 'GET',
      url: '/v1/alerts',
      answer: () => ({
        status: 200,
        body: { alerts: parts.alerts.list().slice(0, LISTED_MAX), monitoring: parts.status() },
      }),
    },
    {
      method: 'POST',
      url: '/v1/alerts/acts',
      answer: (body) => {
        const asked = Act.safeParse(body);
        if (!asked.success) return refuse(asked.error);
        const { id, act, by, owner, reason } = asked.data;
        return answerOf(
          parts.act({ id, act, by, ...(owner !== undefined && { owner }), ...(reason !== undefined && { reason }) }),
        );
      },
    },
    {
      method: 'GET',
      url: '/v1/audits',
      answer: () => ({ status: 200, body: { audits: parts.audits.list(parts.clock.now()) } }),
    },
    {
      method: 'POST',
      url: '/v1/audits/run',
      answer: (body) => {
        const asked = Month.safeParse(body);
        return asked.success ? answerOf(parts.runAudit(asked.data.month, asked.data.by)) : refuse(asked.error);
      },
    },
    {
      method: 'POST',
      url: '/v1/audits/sign',
      answer: (body) => {
        const asked = Month.required().safeParse(body);
        if (!asked.success) return refuse(asked.error);
        return answerOf(parts.signAudit(asked.data.month, asked.data.by, asked.data.remark));
      },
    },
  ];
}

function refuse({ issues }: z.ZodError): ApiAnswer {
  const fault: Fault<'MONITORING_REQUEST'> = {
    code: 'MONITORING_REQUEST',
    problem: bilingual(
      `the request is not valid at \`${issues[0]?.path.join('.') ?? ''}\``,
      `请求在 \`${issues[0]?.path.join('.') ?? ''}\` 处无效`,
    ),
    remedy: bilingual(
      'see docs/alerts.md; a closing needs its reason, a sign-off its remark',
      '参见 docs/alerts.md；关闭须说明原因，签署须填写意见',
    ),
    retry: 'after-remedy',
  };
  return { status: 400, body: { fault } };
}
