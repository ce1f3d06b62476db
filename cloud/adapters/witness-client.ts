import { request } from 'node:https';
import type { AskWitness, WitnessReply } from '../log/submit-checkpoint.ts';

export interface WitnessPlace {
  /** Submission prefix; its name is that of the certificate. */
  readonly url: string;
  /** Connected to whatever a name server says. */
  readonly address: string;
  /** PEM. */
  readonly authority: string;
}

/** From the first byte of the connection to the last of the answer. */
const ANSWER_MS_MAX = 10_000;
/** A few signature lines. */
const ANSWER_BYTES_MAX = 16_384;

/** Posts to a witness over TLS 1.3; what goes wrong on the way is `late`. */
export function askWitness({ url, address, authority }: WitnessPlace): AskWitness {
  const { hostname, port, pathname } = new URL(url);
  const path = `${pathname.replace(/\/$/, '')}/add-checkpoint`;
  return (body) =>
    new Promise((resolve) => {
      const tls = { ca: authority, servername: hostname, minVersion: 'TLSv1.3' as const, rejectUnauthorized: true };
      const headers = { host: hostname, 'content-type': 'text/plain; charset=utf-8' };
      const target = { host: address, port: port === '' ? 443 : Number(port), path, method: 'POST', agent: false };
      const asked = request({ ...target, ...tls, headers }, (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > ANSWER_BYTES_MAX) asked.destroy();
          else chunks.push(chunk);
        });
        response.on('end', () => {
          const type = response.headers['content-type'] ?? '';
          done({ status: response.statusCode ?? 0, type, body: Buffer.concat(chunks) });
        });
      });
      const timer = setTimeout(() => asked.destroy(), ANSWER_MS_MAX);
      const done = (reply: WitnessReply): void => {
        clearTimeout(timer);
        resolve(reply);
      };
      asked.on('error', () => done({ status: 'late' }));
      asked.on('close', () => done({ status: 'late' }));
      asked.end(body);
    });
}
