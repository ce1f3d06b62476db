import { createSocket } from 'node:dgram';
import { connect, isIPv6, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { toIso } from '../../proto/words/time.ts';
import type { AlertSink, OutgoingAlert } from '../ports/alert-sink.ts';
import { alertQueue } from './alert-queue.ts';

export interface SyslogOptions {
  readonly transport: 'udp' | 'tcp' | 'tls';
  readonly address: string;
  readonly port: number;
  /** This host, as the header names it. */
  readonly hostName: string;
  /** PEM, and the name of the certificate; for `tls`. */
  readonly authority?: string;
  readonly serverName?: string;
}

/** Facility 13, log audit; severities of RFC 5424 table 2. */
const FACILITY = 13;
const SEVERITIES = { high: 2, medium: 4, low: 5 } as const;
const TIMEOUT_MS = 10_000;

/** One RFC 5424 message. The structured data has the number that RFC 5612 sets aside for documentation. */
export function syslogMessage(alert: OutgoingAlert, hostName: string): string {
  const priority = FACILITY * 8 + SEVERITIES[alert.severity];
  const { id, code, state, cite, reason } = alert;
  const parameters = Object.entries({ id, state, cite }).map(
    ([name, value]) => `${name}="${value.replaceAll(/["\\\]]/g, '\\$&')}"`,
  );
  const host = hostName.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, 255) || '-';
  const messageId = code.replaceAll(/[^\x21-\x7e]/g, '_').slice(0, 32);
  return `<${priority}>1 ${toIso(alert.at)} ${host} tongguan - ${messageId} [alert@32473 ${parameters.join(' ')}] \ufeff${reason.en} / ${reason.zh}`;
}

/** Alerts as syslog: a datagram each over UDP (RFC 5426), a connection each over TCP (RFC 6587, counted) or TLS (RFC 5425). */
export function syslogAlerts(options: SyslogOptions): AlertSink {
  const deliver = (alert: OutgoingAlert): Promise<void> => {
    const message = Buffer.from(syslogMessage(alert, options.hostName));
    return options.transport === 'udp' ? sendDatagram(message, options) : sendStream(message, options);
  };
  return alertQueue(deliver, () => undefined);
}

function sendDatagram(message: Buffer, { address, port }: SyslogOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
    socket.send(message, port, address, (cause) => {
      socket.close();
      if (cause === null) resolve();
      else reject(cause);
    });
  });
}

function sendStream(message: Buffer, options: SyslogOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = open(options);
    socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error('late')));
    socket.on('error', reject);
    socket.on('close', () => resolve());
    socket.end(Buffer.concat([Buffer.from(`${message.length} `), message]));
    socket.resume();
  });
}

function open({ transport, address: host, port, authority, serverName }: SyslogOptions): Socket {
  if (transport !== 'tls') return connect({ host, port });
  const name = serverName === undefined ? {} : { servername: serverName };
  return connectTls({ host, port, ...(authority !== undefined && { ca: authority }), ...name, minVersion: 'TLSv1.2' });
}
