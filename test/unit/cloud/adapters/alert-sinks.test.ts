import { createHmac, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { createServer as createHttps } from 'node:https';
import { createServer } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { alertQueue, WAITING_MAX } from '../../../../cloud/adapters/alert-queue.ts';
import { syslogAlerts, syslogMessage } from '../../../../cloud/adapters/alert-syslog.ts';
import { webhookAlerts } from '../../../../cloud/adapters/alert-webhook.ts';
import type { OutgoingAlert } from '../../../../cloud/ports/alert-sink.ts';
import { bilingual } from '../../../../proto/words/fault.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { createAuthority } from '../../../support/cloud/certificates.ts';
import { until } from '../../../support/cloud/until.ts';

const ALERT: OutgoingAlert = {
  id: 'a-7',
  code: 'DESTINATION_UNKNOWN',
  severity: 'high',
  state: 'open',
  at: Date.UTC(2026, 2, 1) as Instant,
  cite: 'G26-IV.2',
  reason: bilingual('a "new" ] place', '新的目的地'),
};
const TEXT =
  '<106>1 2026-03-01T00:00:00.000Z host-1 tongguan - DESTINATION_UNKNOWN ' +
  '[alert@32473 id="a-7" state="open" cite="G26-IV.2"] \ufeffa "new" ] place / 新的目的地';

test('a syslog message is one of RFC 5424', () => {
  expect(syslogMessage(ALERT, 'host-1')).toBe(TEXT);
  expect(syslogMessage({ ...ALERT, cite: 'a"b]c\\', severity: 'low' }, '主机')).toContain(
    '<109>1 2026-03-01T00:00:00.000Z __ ',
  );
  expect(syslogMessage({ ...ALERT, cite: 'a"b]c\\' }, 'h')).toContain('cite="a\\"b\\]c\\\\"');
});

test('over UDP a datagram, over TCP a counted message', async () => {
  const heard: string[] = [];
  const udp = createSocket('udp4').on('message', (message) => heard.push(message.toString()));
  const tcp = createServer((socket) => {
    let text = '';
    socket.on('data', (chunk) => {
      text += chunk.toString();
    });
    socket.on('end', () => {
      heard.push(text);
      socket.end();
    });
  });
  await new Promise<void>((resolve) => udp.bind(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => tcp.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    udp.close();
    tcp.close();
  });
  const to = { address: '127.0.0.1', hostName: 'host-1' };
  const tcpAddress = tcp.address();
  const tcpPort = typeof tcpAddress === 'object' && tcpAddress !== null ? tcpAddress.port : 0;
  const sinks = [
    syslogAlerts({ ...to, transport: 'udp', port: udp.address().port }),
    syslogAlerts({ ...to, transport: 'tcp', port: tcpPort }),
  ];
  for (const sink of sinks) sink.send(ALERT);
  await until(() => heard.length === 2 && sinks.every((sink) => sink.status().sent === 1));
  expect(heard.toSorted()).toEqual([TEXT, `${Buffer.byteLength(TEXT)} ${TEXT}`].toSorted());
});

test('a webhook is posted to the address of the configuration under the name of the certificate, and signed', async () => {
  const own = await createAuthority('alerts');
  const [authority, server] = [own.certificate, await own.issue('localhost', 'server')];
  const heard: { readonly body: string; readonly headers: NodeJS.Dict<string | string[]> }[] = [];
  const https = createHttps(
    { cert: server.certificate, key: server.key, minVersion: 'TLSv1.3' },
    (request, response) => {
      let body = '';
      request.on('data', (chunk) => {
        body += chunk;
      });
      request.on('end', () => {
        heard.push({ body, headers: request.headers });
        response.end();
      });
    },
  );
  await new Promise<void>((resolve) => https.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void https.close());
  const address = https.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const key = randomBytes(32);
  const sink = webhookAlerts({ url: `https://localhost:${port}/alerts`, address: '127.0.0.1', authority, key });
  sink.send(ALERT);
  await until(() => heard.length === 1 && sink.status().sent === 1);
  const [one] = heard;
  const signed = createHmac('sha256', key).update(`${one?.headers['x-tongguan-time']}.${one?.body}`).digest('hex');
  expect(one?.headers['x-tongguan-signature']).toBe(signed);
  expect(Object.keys(JSON.parse(one?.body ?? '{}')).sort()).toEqual([
    'at',
    'cite',
    'code',
    'id',
    'reason',
    'severity',
    'state',
  ]);
  // Another authority: nothing is said to a stranger.
  const other = webhookAlerts({
    url: `https://localhost:${port}/alerts`,
    address: '127.0.0.1',
    authority: (await createAuthority('other')).certificate,
    key,
  });
  onTestFinished(other.close);
  const tried = new Promise((resolve) => https.once('connection', (socket) => socket.once('close', resolve)));
  other.send(ALERT);
  await tried;
  expect([heard.length, other.status().sent, other.status().waiting]).toEqual([1, 0, 1]);
});

test('what cannot be told is counted, and the queue ends somewhere', () => {
  const sink = alertQueue(
    () => Promise.reject(new Error('down')),
    () => undefined,
  );
  for (let at = 0; at <= WAITING_MAX; at += 1) sink.send(ALERT);
  expect(sink.status()).toEqual({ sent: 0, dropped: 1, waiting: WAITING_MAX });
  sink.close();
});
