import { once } from 'node:events';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { type RequestOptions, request } from 'node:https';
import type { TestIdentity } from '../../support/cloud/certificates.ts';
import type { Border } from './border.ts';

export interface Call {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array | string;
  /** The exporter's own certificate when left out; `none` for no certificate. */
  readonly identity?: TestIdentity | 'none';
  readonly tls?: RequestOptions;
}

export interface Answer {
  readonly status: number;
  readonly type: string | undefined;
  readonly body: Buffer;
  /** Of a problem document. */
  readonly code: string | undefined;
}

/** One HTTPS request to the receiver, as any client could make it. Rejects when the connection is refused or broken off. */
export async function call(border: Border, port: number, spec: Call): Promise<Answer> {
  const made = openCall(border, port, spec);
  const answered = once(made, 'response');
  made.end(spec.body);
  const [response] = (await answered) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  const type = response.headers['content-type'];
  const isProblem = type?.startsWith('application/problem+json') === true;
  const code = isProblem ? (JSON.parse(body.toString()) as { code: string }).code : undefined;
  return { status: response.statusCode ?? 0, type, body, code };
}

export function openCall(border: Border, port: number, spec: Call): ClientRequest {
  const identity = spec.identity ?? border.exporter;
  const own = identity === 'none' ? {} : { cert: identity.certificate, key: identity.key };
  return request({
    host: '127.0.0.1',
    port,
    method: spec.method,
    path: spec.path,
    headers: { ...spec.headers },
    ca: border.authority.certificate,
    agent: false,
    ...own,
    ...spec.tls,
  });
}

/** The error code of a call that must not be answered at all. */
export async function refusal(answer: Promise<Answer>): Promise<string> {
  return answer.then(
    ({ status }) => `answered ${status}`,
    (cause: NodeJS.ErrnoException) => cause.code ?? cause.message,
  );
}

export function putOf(id: string, name: string, body: Uint8Array | string): Call {
  const headers = { 'content-type': 'application/octet-stream', 'content-length': String(Buffer.byteLength(body)) };
  return { method: 'PUT', path: `/v1/transfers/${id}/files/${name}`, headers, body };
}

export function completeOf(id: string, manifestSha256: string): Call {
  const body = JSON.stringify({ manifestSha256 });
  const headers = { 'content-type': 'application/json', 'content-length': String(body.length) };
  return { method: 'POST', path: `/v1/transfers/${id}/complete`, headers, body };
}
