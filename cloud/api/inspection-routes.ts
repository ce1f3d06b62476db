import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import type { InspectionShelf } from '../ports/inspection-shelf.ts';
import { Days, periodIn } from './period-form.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, outcomeOf, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

const Period = z.strictObject(Days).transform(periodIn);
const OfBundle = z.object({ id: z.string().max(64) });
const invalid = noQuestion;

/**
 * `/inspections[/ID[/bundle]]`: bundles for inspectors, made while other things go on. A bundle is a file, given whole or by ranges.
 *
 * @param shelf - undefined where the configuration names no directory for them
 */
export function inspectionRoutes(shelf: InspectionShelf | undefined): readonly ApiRoute[] {
  const withShelf = (work: (shelf: InspectionShelf) => ApiAnswer): ApiAnswer =>
    shelf === undefined ? refused(409, notConfigured()) : work(shelf);
  return [
    apiRoute({
      ...{ method: 'POST', path: '/inspections', summary: 'ask for an inspection bundle of a time', invalid },
      body: Period,
      answer: ({ body, by }) => withShelf(({ begin }) => outcomeOf(begin(body, by))),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/inspections', summary: 'inspection bundles, with how far each is', invalid },
      answer: () => withShelf(({ list }) => answered({ inspections: list() })),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/inspections/:id', summary: 'one inspection bundle, with how far it is', invalid },
      params: OfBundle,
      answer: ({ params: { id } }) => withShelf(({ find }) => givenOf(find(id), answered)),
    }),
    apiRoute({
      ...{
        method: 'GET',
        path: '/inspections/:id/bundle',
        summary: 'the bundle as a ZIP file, or a range of it',
        invalid,
      },
      params: OfBundle,
      answer: ({ params: { id } }) =>
        withShelf(({ take }) =>
          givenOf(take(id), (file) => ({ status: 200, file: { type: 'application/zip', ...file } })),
        ),
    }),
    apiRoute({
      ...{
        method: 'DELETE',
        path: '/inspections/:id',
        summary: 'remove an inspection bundle, or end its making',
        invalid,
      },
      params: OfBundle,
      answer: ({ params: { id } }) =>
        withShelf(({ remove }) => givenOf(remove(id), () => answered({ id, removed: true }))),
    }),
  ];
}

const givenOf = <T>(found: Result<T, Fault>, give: (value: T) => ApiAnswer): ApiAnswer =>
  found.ok ? give(found.value) : refused(found.fault.code === 'INSPECTION_UNKNOWN' ? 404 : 409, found.fault);

const notConfigured = (): Fault<'INSPECTIONS_ELSEWHERE'> => ({
  code: 'INSPECTIONS_ELSEWHERE',
  problem: bilingual('the configuration names no directory for inspection bundles', '配置未指明检查包的存放目录'),
  remedy: bilingual(
    'name `console.inspections`, or use `tongguan report`',
    '请配置 `console.inspections`，或使用 `tongguan report`',
  ),
  retry: 'after-remedy',
});
