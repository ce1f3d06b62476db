import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { type ApiRoute, answered, apiRoute } from './route.ts';

/** `GET /status`: counts and no content. */
export function statusRoutes(status: () => object): readonly ApiRoute[] {
  const summary = 'counts of the running cloud, no content';
  return [apiRoute({ method: 'GET', path: '/status', summary, invalid: noQuestion, answer: () => answered(status()) })];
}

/** What is said where a question has parts that its path does not know. */
export const noQuestion = (key: string): Fault<'REQUEST_INVALID'> => ({
  code: 'REQUEST_INVALID',
  problem: bilingual(`the request is not valid at \`${key}\``, `请求在 \`${key}\` 处无效`),
  remedy: bilingual('docs/api.md names every key', '全部字段见 docs/api.md'),
  retry: 'after-remedy',
});
