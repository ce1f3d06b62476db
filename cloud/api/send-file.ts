import { basename, dirname } from 'node:path';
import send from '@fastify/send';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { FileAnswer } from './route.ts';

/** Of a file on disk the range that is asked for, piece by piece; nothing of it is kept by whoever stands between. */
export async function sendFile(
  { raw }: FastifyRequest,
  reply: FastifyReply,
  { type, name, content, path }: FileAnswer['file'],
): Promise<FastifyReply> {
  void reply
    .type(type)
    .header('cache-control', 'no-store')
    .header('content-disposition', `attachment; filename="${name}"`);
  if (path === undefined) return reply.send(content);
  const options = { root: dirname(path), index: false, cacheControl: false, contentType: false } as const;
  const { statusCode, headers, stream } = await send(raw, `/${encodeURIComponent(basename(path))}`, options);
  return reply.code(statusCode).headers(headers).send(stream);
}
