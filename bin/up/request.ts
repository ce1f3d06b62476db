import { request } from 'node:http';
import { LOGIN_HEADER } from '../../cloud/login.ts';
import { loginAddress } from '../role-process.ts';

/** An answer of the cloud's local API. */
export interface ApiAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

const ANSWER_BYTES_MAX = 16_777_216;

/**
 * Asks the cloud over its Unix socket.
 *
 * @param body - bytes as they are, anything else as JSON
 * @param lateMs - longest silence; without it a build may take its time
 *
 * @throws the system's error when nobody listens there, or Error for an answer that is late, too long or no JSON
 */
export function askCloud(
  socketPath: string,
  method: 'GET' | 'POST' | 'PUT' | 'DELETE',
  path: string,
  body?: object,
  lateMs?: number,
): Promise<ApiAnswer> {
  return askFrom(loginAddress(), { socketPath, method, path }, body, lateMs);
}

/** The same for what `up` does of itself, wherever whoever started it is logged in from. */
export const askOfItself: typeof askCloud = (socketPath, method, path, body, lateMs) =>
  askFrom(undefined, { socketPath, method, path }, body, lateMs);

function askFrom(
  from: string | undefined,
  { socketPath, method, path }: { readonly socketPath: string; readonly method: string; readonly path: string },
  body: object | undefined,
  lateMs: number | undefined,
): Promise<ApiAnswer> {
  return new Promise((resolve, reject) => {
    const isBytes = body instanceof Uint8Array;
    const sent = body === undefined || isBytes ? body : Buffer.from(JSON.stringify(body));
    const type = isBytes ? 'application/octet-stream' : 'application/json';
    // Without a length, a body of DELETE would not be sent at all.
    const login = from === undefined ? {} : { [LOGIN_HEADER]: from };
    const headers = sent === undefined ? login : { ...login, 'content-type': type, 'content-length': sent.length };
    const asked = request({ socketPath, method, path, headers }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > ANSWER_BYTES_MAX) response.destroy(new Error('the answer is too long'));
      });
      response.on('error', reject);
      response.on('end', () => {
        try {
          resolve({ status: response.statusCode ?? 0, body: JSON.parse(text) as ApiAnswer['body'] });
        } catch {
          reject(new Error('the answer is no JSON'));
        }
      });
    });
    asked.on('error', reject);
    if (lateMs !== undefined) asked.setTimeout(lateMs, () => asked.destroy(new Error('the answer is late')));
    asked.end(sent);
  });
}
