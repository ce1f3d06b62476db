import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from 'node:tls';
import { expect } from 'vitest';
import type { Capture } from '../../../cloud/exporter/capture/open-capture.ts';
import type { Border } from './border.ts';
import { listen } from './captured-tls.ts';

interface Place {
  readonly capture: Capture;
  readonly border: Border;
  /** Where the record of a line before is put, by its number. */
  readonly records: Map<number, Readonly<Record<string, unknown>>>;
}

export interface Fetching {
  readonly number: number;
  readonly path: string;
  readonly host?: string;
  /** By a session of a line before, whose record is not looked at. */
  readonly isResumed?: boolean;
  /** The reader goes away in the middle of the answer. */
  readonly isAborted?: boolean;
}

/** A recipient that fetches: the other side opens the connection, and a server's secrets come for all connections at once. */
export async function fetched({ capture, border, records }: Place, as: Fetching) {
  const { number, path, host = '127.0.0.1', isResumed = false, isAborted = false } = as;
  const lines = isResumed ? 2 : 1;
  const length = isAborted ? 1_000 : 7;
  const answer = `HTTP/1.1 200 OK\r\ncontent-length: ${length}\r\nconnection: close\r\n\r\nfetched`;
  const served = await listen(capture, border, { host, firstNumber: number - lines }, (secure) =>
    secure.once('data', () => (isAborted ? secure.write(answer) : secure.end(answer))),
  );
  let session: Buffer | undefined;
  for (let line = 0; line < lines; line += 1) {
    const client = connect({
      ...{ host, port: served.port, ca: border.authority.certificate, ALPNProtocols: ['http/1.1'] },
      checkServerIdentity: () => undefined,
      ...(session === undefined ? {} : { session }),
    });
    client.on('error', () => undefined);
    client.once('session', (ticket: Buffer) => {
      session = ticket;
    });
    client.write(`GET ${line + 1 < lines ? '/before' : path} HTTP/1.1\r\nhost: test\r\n\r\n`);
    client.once('data', () => isAborted && client.destroy());
    let isReused = false;
    client.once('secureConnect', () => {
      isReused = client.isSessionReused();
    });
    await once(client.resume(), 'close');
    expect(isReused).toBe(line > 0);
    while (served.ended.length <= line) await sleep(5);
  }
  served.close();
  const first = isResumed ? await served.ended[0] : undefined;
  if (first?.ok === true) records.set(first.value.connection, first.value);
  const ended = served.ended.at(-1);
  if (ended === undefined) throw new Error('a record');
  return ended;
}
