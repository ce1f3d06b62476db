import { createHmac } from 'node:crypto';
import { request } from 'node:https';
import { toIso } from '../../proto/words/time.ts';
import type { AlertSink, OutgoingAlert } from '../ports/alert-sink.ts';
import { alertQueue } from './alert-queue.ts';

export interface WebhookOptions {
  readonly url: string;
  /** Connected to whatever a name server says. */
  readonly address: string;
  /** PEM. */
  readonly authority: string;
  readonly key: Uint8Array;
}

const TIMEOUT_MS = 10_000;
const KEY_BYTES_MIN = 32;

/**
 * Posts alerts as JSON over TLS 1.3 to one address. The body is signed: `x-tongguan-signature` is the HMAC-SHA256, in hex, over
 * `x-tongguan-time`, a dot and the body.
 *
 * @throws Error for a key that is too short
 */
export function webhookAlerts({ url, address, authority, key }: WebhookOptions): AlertSink {
  if (key.length < KEY_BYTES_MIN) throw new Error(`the webhook's key has at least ${KEY_BYTES_MIN} bytes`);
  const { hostname, port, pathname } = new URL(url);
  const deliver = (alert: OutgoingAlert): Promise<void> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({ ...alert, at: toIso(alert.at) });
      const time = toIso(alert.at);
      const headers = {
        host: hostname,
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        'x-tongguan-time': time,
        'x-tongguan-signature': createHmac('sha256', key).update(`${time}.${body}`).digest('hex'),
      };
      const tls = { ca: authority, servername: hostname, minVersion: 'TLSv1.3' as const, rejectUnauthorized: true };
      const target = { host: address, port: port === '' ? 443 : Number(port), path: pathname, method: 'POST' };
      const asked = request({ ...target, ...tls, headers, agent: false, timeout: TIMEOUT_MS }, (response) => {
        response.resume();
        const { statusCode = 0 } = response;
        // A redirection leads elsewhere, and is no success.
        response.on('end', () => (statusCode >= 200 && statusCode < 300 ? resolve() : reject(new Error('refused'))));
        response.on('error', reject);
      });
      asked.on('timeout', () => asked.destroy(new Error('late')));
      asked.on('error', reject);
      asked.end(body);
    });
  return alertQueue(deliver, () => undefined);
}
