import { createHash, createPublicKey } from 'node:crypto';
import { createWriteStream, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '../../../bin/up/free-port.ts';
import { borderDirectory } from '../../../cloud/adapters/border-directory.ts';
import { sealParcel } from '../../../cloud/sealing/seal-parcel.ts';
import {
  type Border,
  createBorder,
  permitFor,
  RECIPIENT_ID,
  sealPermit,
} from '../../integration-exporter/support/border.ts';
import { spawnExporter } from '../../integration-exporter/support/processes.ts';
import { PULL_ENDPOINT, writePullConfig } from '../../integration-exporter/support/pull-client.ts';
import { until } from '../../integration-exporter/support/running.ts';
import { sealKeys } from '../../support/cloud/sealing.ts';
import { INSTALLED } from './export.ts';
import { cpuSecondsOf, residentMbOf } from './process-figures.ts';

export interface PullFigures {
  readonly megabytes: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  /** Resident at most: before the parcel came, once it was checked, and after it was fetched each time. */
  readonly residentMb: readonly number[];
}

const CHUNK_BYTES = 1_048_576;
const MB = 1e6;
const CAPTURE_BYTES_MAX = 100_000_000_000;
const ID = 't-1';

/** A parcel that is sealed to its recipient, fetched by it over mTLS as often as asked; every byte read is thrown away. */
export async function measurePull(bytes: number, times: number): Promise<PullFigures> {
  const made = await createBorder();
  const border = { ...made, recipient: await made.authority.issue('recipient', 'client') };
  const port = await freePort();
  const { recipient, inspection } = sealKeys('jwe-aes256gcm');
  const sealedTo = sha256(createPublicKey(recipient.publicPem).export({ type: 'spki', format: 'der' }));
  const capture = { directory: 'captures', publicKeyFile: 'keys/capture.pub', bytesMax: CAPTURE_BYTES_MAX };
  const path = await writePullConfig(border, { host: '127.0.0.1', port }, {}, { capture, sealedTo });
  const exporter = spawnExporter(INSTALLED, path);
  try {
    await until(() => exporter.lines().includes('at port'));
    const residentMb = [residentMbOf(exporter, 'VmHWM')];
    const directory = await stage(border, bytes, {
      recipientKey: recipient.publicPem,
      inspectionKey: inspection.publicPem,
    });
    const manifest = readFileSync(join(directory, 'manifest.json'));
    const permit = permitFor(border, { id: ID, endpoint: PULL_ENDPOINT, permit: { sealedTo } }, manifest);
    writeFileSync(join(directory, 'permit.bin'), sealPermit(permit, {}, border));
    const before = cpuSecondsOf(exporter);
    const began = performance.now();
    renameSync(directory, join(border.outbox, ID));
    for (let time = 0; time < times; time += 1) {
      await fetchAway(border, port, 'files/data.bin.sealed');
      residentMb.push(residentMbOf(exporter, 'VmHWM'));
    }
    const seconds = (performance.now() - began) / 1_000;
    return { megabytes: bytes / MB, seconds, cpuSeconds: cpuSecondsOf(exporter) - before, residentMb };
  } finally {
    await exporter.stop();
    border.remove();
  }
}

async function stage(
  border: Border,
  bytes: number,
  keys: { readonly recipientKey: string; readonly inspectionKey: string },
): Promise<string> {
  const root = join(border.root, 'border');
  const directory = join(root, 'staging', ID);
  mkdirSync(directory, { recursive: true });
  const chunk = Buffer.alloc(CHUNK_BYTES, 'a row of a table, ');
  const hash = createHash('sha256');
  async function* chunks() {
    for (let left = bytes; left > 0; left -= CHUNK_BYTES) {
      hash.update(chunk.subarray(0, left));
      yield chunk.subarray(0, left);
    }
  }
  await pipeline(chunks(), createWriteStream(join(directory, 'data.bin'), { flush: true }));
  const files = [{ name: 'data.bin', bytes, sha256: hash.digest('hex') }];
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify({ files }));
  const signingKey = border.permitKey.export({ type: 'pkcs8', format: 'pem' }) as string;
  const order = { profile: 'jwe-aes256gcm', transferId: ID, recipientId: RECIPIENT_ID, signingKey, ...keys } as const;
  const sealed = await sealParcel(order, Buffer.alloc(32, 7), borderDirectory(root));
  if (!sealed.ok) throw new Error(sealed.fault.code);
  return directory;
}

/** Fetches one file of the parcel; waits for the exporter to have it checked. */
async function fetchAway(border: Border, port: number, name: string): Promise<void> {
  const { certificate: cert, key } = border.recipient;
  const options = { host: '127.0.0.1', port, path: `/v1/transfers/${ID}/${name}`, cert, key, agent: false };
  const ask = () =>
    new Promise<number>((resolve, reject) => {
      const asked = request({ ...options, ca: border.authority.certificate, checkServerIdentity: () => undefined });
      asked.once('response', (answer) => {
        const status = answer.statusCode ?? 0;
        const away = new Writable({ write: (_chunk, _encoding, next) => next() });
        pipeline(answer, away).then(() => resolve(status), reject);
      });
      asked.once('error', reject);
      asked.end();
    });
  for (let asked = 0; asked < ASKED_MAX; asked += 1) {
    if ((await ask()) === 200) return;
    await sleep(ASK_EVERY_MS);
  }
  throw new Error('the parcel was never there');
}

/** Hashing a gigabyte takes seconds, and on a machine at work minutes. */
const ASKED_MAX = 3_000;
const ASK_EVERY_MS = 100;

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
