import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Border } from '../../integration-exporter/support/border.ts';
import { cpuSecondsOf } from './process-figures.ts';

/** What each end of a bare upload is told: PEM, and the file to read or to write. */
export interface BareOrder {
  readonly cert: string;
  readonly key: string;
  readonly ca: string;
  readonly path: string;
}

export interface Upload {
  readonly seconds: number;
  /** CPU of the side that sends and of the side that takes, seconds. */
  readonly senderCpu: number;
  readonly takerCpu: number;
}

/** The same file by PUT over mTLS between two processes that do nothing else: no check, no hash, no record, no receipt. */
export async function bareUpload(border: Border, path: string): Promise<Upload> {
  const [server, client] = [start('bare-server'), start('bare-client')];
  const stored = join(border.root, 'bare.bin');
  const ca = border.authority.certificate;
  try {
    server.send({ cert: border.recipient.certificate, key: border.recipient.key, ca, path: stored });
    const [port] = (await once(server, 'message')) as [number];
    const before = [cpuSecondsOf(client), cpuSecondsOf(server)] as const;
    client.send({ cert: border.exporter.certificate, key: border.exporter.key, ca, path, port });
    const [told] = (await once(client, 'message')) as [{ readonly statusCode: number; readonly seconds: number }];
    if (told.statusCode !== 204) throw new Error(`a bare upload: ${told.statusCode}`);
    const [senderCpu, takerCpu] = [cpuSecondsOf(client) - before[0], cpuSecondsOf(server) - before[1]];
    return { seconds: told.seconds, senderCpu, takerCpu };
  } finally {
    server.kill();
    client.kill();
    rmSync(stored, { force: true });
  }
}

function start(name: string): ChildProcess {
  const ending = import.meta.url.slice(import.meta.url.lastIndexOf('.'));
  return fork(new URL(`./${name}${ending}`, import.meta.url));
}
