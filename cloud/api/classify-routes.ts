import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { type CivilDate, type Clock, civilDateOf } from '../../proto/words/time.ts';
import { Day } from '../registers/words.ts';
import { type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

export interface ClassifyRoutesParts {
  /** Classifies one record as if it were a file of its own; the fault says what is wrong with it and nothing of its content. */
  readonly classify: (record: object, on: CivilDate) => Result<object, string>;
  readonly clock: Clock;
}

const Record = z.strictObject({
  record: z.record(z.string().max(64), z.unknown()).describe('one line as docs/classification.md has it'),
  on: Day.optional().describe('Asia/Shanghai; today where it is left out'),
});

/** `/classifications`: what a record is, and why. It is kept nowhere. */
export function classifyRoutes({ classify, clock }: ClassifyRoutesParts): readonly ApiRoute[] {
  return [
    apiRoute({
      ...{ method: 'POST', path: '/classifications', summary: 'class, reasons and articles of one record' },
      ...{ body: Record, invalid: noQuestion },
      answer: ({ body: { record, on } }) => {
        const done = classify(record, on ?? civilDateOf(clock.now()));
        return done.ok ? answered(done.value) : refused(400, noRecord(done.fault));
      },
    }),
  ];
}

const noRecord = (why: string): Fault<'CLASSIFY_LINE'> => ({
  code: 'CLASSIFY_LINE',
  problem: bilingual(`that is no record: ${why}`, `该内容不是有效记录：${why}`),
  remedy: bilingual('docs/classification.md names every key', '全部字段见 docs/classification.md'),
  retry: 'after-remedy',
});
