import type { Fault } from '../../proto/words/fault.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Answer<T> = Result<T, Fault>;

const PREFIX = '/api/v1';
const ANSWER_MS_MAX = 130_000;

/** Before there is a session any value serves: a form of another page cannot set a header. */
let csrf = 'none';

export function goOnWith(value: string | undefined): void {
  csrf = value ?? 'none';
}

/** Told of codes that end what a page does, such as a session that is over. */
let told: (code: string) => void = () => undefined;

export function tellRefusals(listener: (code: string) => void): void {
  told = listener;
}

/** Asks the running cloud; what cannot be reached or read is a fault like every other. */
export async function ask<T>(method: Method, path: string, body?: object): Promise<Answer<T>> {
  try {
    const response = await fetch(`${PREFIX}${path}`, {
      method,
      signal: AbortSignal.timeout(ANSWER_MS_MAX),
      headers: { 'x-tongguan-csrf': csrf, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer: unknown = await response.json();
    if (response.ok) return ok(answer as T);
    const fault = answer as Fault;
    told(fault.code);
    return fail(fault);
  } catch {
    return fail(unreachable());
  }
}

/**
 * Sends a file, and says how much of it is on its way.
 *
 * @param sent - takes the share of the bytes that are sent, 0 to 1
 */
export function sendFile<T>(path: string, file: Blob, sent: (share: number) => void): Promise<Answer<T>> {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    request.open('POST', `${PREFIX}${path}`);
    request.setRequestHeader('x-tongguan-csrf', csrf);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.timeout = ANSWER_MS_MAX;
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => sent(total === 0 ? 0 : loaded / total);
    request.onerror = () => resolve(fail(unreachable()));
    request.ontimeout = () => resolve(fail(unreachable()));
    request.onload = () => {
      const answer: unknown = request.response;
      if (answer === null) return resolve(fail(unreachable()));
      if (request.status < 400) return resolve(ok(answer as T));
      told((answer as Fault).code);
      return resolve(fail(answer as Fault));
    };
    request.send(file);
  });
}

/** A file as it is served. */
export async function takeFile(path: string): Promise<Answer<ArrayBuffer>> {
  try {
    const response = await fetch(`${PREFIX}${path}`, { signal: AbortSignal.timeout(ANSWER_MS_MAX) });
    if (response.ok) return ok(await response.arrayBuffer());
    const fault = (await response.json()) as Fault;
    told(fault.code);
    return fail(fault);
  } catch {
    return fail(unreachable());
  }
}

const unreachable = (): Fault => ({
  code: 'CLOUD_UNREACHABLE',
  problem: bilingual('the cloud does not answer', '云端无应答'),
  remedy: bilingual('see whether it runs; this page goes on by itself', '请检查云端是否运行；本页面会自动恢复'),
  retry: 'later',
});
