import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { PageFile, Pages } from '../ports/pages.ts';
import type { Problem } from './problem.ts';

const INDEX = '/index.html';
/** As long as a cache keeps anything: the name changes with the content. */
const FOR_EVER = 'public, max-age=31536000, immutable';

/**
 * The web console on the listener for people: its files, and its one page for every path that is none. It holds no data; who
 * asks from abroad gets nothing all the same.
 *
 * @param refuse - why a request is not heard, if it is not
 * @param unknown - answers where nothing is
 */
export function servePages(
  server: FastifyInstance,
  pages: Pages,
  refuse: (request: FastifyRequest) => Problem | undefined,
  send: { readonly problem: (reply: FastifyReply, problem: Problem) => FastifyReply; readonly unknown: () => Problem },
): void {
  server.get('/*', { schema: { hide: true } as object }, (request, reply) => {
    const path = request.url.split('?')[0] ?? '';
    const file = pages.get(isPage(path) ? INDEX : path);
    if (file === undefined) return send.problem(reply, send.unknown());
    const refusal = refuse(request);
    return refusal === undefined ? sendFile(request, reply, file) : send.problem(reply, refusal);
  });
}

/** A path of the API is never a page, and neither is one that names a file. */
const isPage = (path: string): boolean => !path.startsWith('/api/') && !path.slice(path.lastIndexOf('/')).includes('.');

function sendFile(request: FastifyRequest, reply: FastifyReply, file: PageFile): FastifyReply {
  const { type, content, gzip, isHashed } = file;
  const takesGzip = /\bgzip\b/.test(String(request.headers['accept-encoding'] ?? ''));
  void reply
    .type(type)
    .header('cache-control', isHashed ? FOR_EVER : 'no-cache')
    .header('vary', 'accept-encoding');
  if (gzip === undefined || !takesGzip) return reply.send(content);
  return reply.header('content-encoding', 'gzip').send(gzip);
}
