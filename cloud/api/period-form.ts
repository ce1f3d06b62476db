import { z } from 'zod';
import { periodOf } from '../report/period.ts';
import type { ReportPeriod } from '../report/report-facts.ts';

const day = z.string().max(10);

/** Two days of a question. */
export const Days = {
  from: day.describe('first day, Asia/Shanghai'),
  until: day.describe('last day, included; at most ten years'),
} as const;

/** The days as a period; an issue at `from` where they are none. */
export function periodIn(
  { from, until }: { readonly from: string; readonly until: string },
  context: Pick<z.core.$RefinementCtx, 'addIssue'>,
): ReportPeriod {
  const period = periodOf(`${from}..${until}`);
  if (period !== undefined) return period;
  context.addIssue({ code: 'custom', path: ['from'], message: 'expected two days in order' });
  return z.NEVER;
}
