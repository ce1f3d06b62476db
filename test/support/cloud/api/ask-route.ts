import type { FastifyInstance } from 'fastify';
import { onTestFinished } from 'vitest';
import type { AccessGuard } from '../../../../cloud/access/guard.ts';
import { type LocalApiParts, serveLocalApi } from '../../../../cloud/api/local-api.ts';
import type { ApiAnswer, ApiRoute } from '../../../../cloud/api/route.ts';
import type { Principal } from '../../../../cloud/registers/kinds/principals.ts';
import { ok } from '../../../../proto/words/result.ts';

/** What a route answers to a question as the socket takes it: who asks stands in the body. */
export function askRoute(routes: readonly ApiRoute[], method: string, url: string, body?: object): ApiAnswer {
  const route = routes.find((one) => one.method === method && `/v1${one.path}` === url);
  if (route === undefined) throw new Error('no such route');
  const { [route.by?.key ?? 'by']: by = '', ...rest } = (body ?? {}) as Readonly<Record<string, unknown>>;
  return route.respond({ params: {}, query: {}, body: rest, by: String(by) }) as ApiAnswer;
}

/** Whoever asks may read. */
export const ANYBODY: AccessGuard = {
  check: () => ok({} as Principal),
  checkAddress: () => ok(undefined),
  enter: () => ok({} as Principal),
  principalOf: () => undefined,
};

/** Routes behind a real socket, until the test ends. */
export async function onSocket(
  socket: string,
  routes: readonly ApiRoute[],
  prove?: LocalApiParts['prove'],
): Promise<FastifyInstance> {
  const server = await serveLocalApi(socket, { access: ANYBODY, routes, prove });
  onTestFinished(() => server.close());
  return server;
}
