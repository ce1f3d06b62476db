import Fastify, { type FastifyReply } from 'fastify';
import { expect, test } from 'vitest';
import { servePages } from '../../../../cloud/api/page-files.ts';
import { apiProblem, type Problem } from '../../../../cloud/api/problem.ts';
import type { Pages } from '../../../../cloud/ports/pages.ts';

const pages: Pages = new Map([
  ['/index.html', { type: 'text/html; charset=utf-8', content: Buffer.from('<p>'), isHashed: false }],
  [
    '/assets/a-1.js',
    { type: 'text/javascript; charset=utf-8', content: Buffer.from('a'), gzip: Buffer.from('zipped'), isHashed: true },
  ],
]);

function served(refusal?: Problem) {
  const server = Fastify();
  const problem = (reply: FastifyReply, { status, code }: Problem) => reply.code(status).send({ code });
  servePages(server, pages, () => refusal, { problem, unknown: () => apiProblem('ROUTE_UNKNOWN') });
  return (url: string, headers: Readonly<Record<string, string>> = {}) => server.inject({ url, headers });
}

test('every path that names no file is the one page, which is asked for anew each time', async () => {
  const ask = served();
  for (const url of ['/', '/overview', '/transfers/t20261122-0a', '/login?to=%2Faudit']) {
    const { statusCode, headers, body } = await ask(url);
    expect([statusCode, headers['cache-control'], body], url).toEqual([200, 'no-cache', '<p>']);
  }
});

test('a hashed file is kept, and sent small to who takes it', async () => {
  const ask = served();
  const plain = await ask('/assets/a-1.js');
  expect([plain.body, plain.headers['content-encoding']]).toEqual(['a', undefined]);
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const zipped = await ask('/assets/a-1.js', { 'accept-encoding': 'br, gzip' });
  expect([zipped.body, zipped.headers['content-encoding'], zipped.headers['vary']]).toEqual([
    'zipped',
    'gzip',
    'accept-encoding',
  ]);
});

test('neither the API nor a file that is not there is a page, and no path leads out of the folder', async () => {
  const ask = served();
  const urls = ['/api/v1/nothing', '/assets/b-2.js', '/favicon.ico', '/assets/../package.json', '/..%2fpackage.json'];
  for (const url of urls) expect((await ask(url)).statusCode, url).toBe(404);
});

test('who is not heard gets no page', async () => {
  const ask = served(apiProblem('RATE_LIMITED'));
  for (const url of ['/overview', '/assets/a-1.js']) expect((await ask(url)).json()).toEqual({ code: 'RATE_LIMITED' });
});
