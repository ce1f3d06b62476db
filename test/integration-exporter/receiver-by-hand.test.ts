import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ExporterStatus } from '../../cloud/exporter/main.ts';
import type { ReceiverStatus } from '../../cloud/exporter/receiver/main.ts';
import { WRITE_BYTES } from '../../cloud/exporter/receiver/write-body.ts';
import { createAuthority, type TestIdentity } from '../support/cloud/certificates.ts';
import { REPOSITORY } from '../support/compiled.ts';
import { type Border, createBorder, putParcel, sha256Hex } from './support/border.ts';
import { writeReceiverConfig } from './support/configs.ts';
import { openCall } from './support/https-call.ts';
import { PULL_ENDPOINT, writePullConfig } from './support/pull-client.ts';
import { type Running, startExporter, startReceiver, until } from './support/running.ts';

// The commands of docs/receiver.md, as they stand there, by a shell and by curl.

const run = promisify(execFile);
const FILE = Buffer.alloc(1_000_000, 'some content, ');
/** As much as the receiver writes at a time, so that it is on its disk. */
const CAME = WRITE_BYTES;

let border: Border;
let receiver: Running<ReceiverStatus> & { readonly port: number };
beforeAll(async () => {
  border = await createBorder();
  receiver = await startReceiver(writeReceiverConfig(border));
  writeFileSync(at('data.bin'), FILE);
  writeFileSync(at('ca.crt'), border.authority.certificate);
  identify('exporter', border.exporter);
});
afterAll(async () => {
  await receiver.stop();
  border.remove();
});

const at = (name: string): string => join(border.root, name);

function identify(name: string, { certificate, key }: TestIdentity): void {
  writeFileSync(at(`${name}.crt`), certificate);
  writeFileSync(at(`${name}.key`), key);
}

/** Blocks of shell that the page shows, in order. */
const shown = [...readFileSync(join(REPOSITORY, 'docs/receiver.md'), 'utf8').matchAll(/```sh\n([\s\S]*?)```/g)].map(
  ([, block = '']) => block,
);

async function shell(script: string, url: string): Promise<string> {
  const environment = { ...process.env, url };
  const { stdout } = await run('bash', ['-euo', 'pipefail', '-c', script], { cwd: border.root, env: environment });
  return stdout;
}

test('pushing by hand: the rest of a file is asked for and sent', async () => {
  const [push = ''] = shown;
  // As if a connection had broken off after half of it.
  const digest = `sha-256=:${Buffer.from(sha256Hex(FILE), 'hex').toString('base64')}:`;
  const headers = {
    'content-type': 'application/octet-stream',
    'content-length': String(FILE.length),
    'repr-digest': digest,
  };
  const broken = openCall(border, receiver.port, { method: 'PUT', path: '/v1/transfers/t-1/files/data.bin', headers });
  broken.on('error', () => undefined);
  broken.write(FILE.subarray(0, CAME));
  const part = at(`receiver/parts/kept/exporter/t-1/${sha256Hex(FILE)}-data.bin`);
  const sizeOfPart = () => {
    try {
      return readFileSync(part).length;
    } catch {
      return 0;
    }
  };
  await until(() => sizeOfPart() === CAME);
  broken.destroy();
  const said = await shell(push, `https://127.0.0.1:${receiver.port}`);
  expect(said).toContain(`upload-offset: ${CAME}`);
  expect(sha256Hex(readFileSync(at('receiver/staging/exporter/t-1/data.bin')))).toBe(sha256Hex(FILE));
});

describe('fetching by hand', () => {
  let exporter: Running<ExporterStatus>;
  let fetching: Border;
  let url: string;
  beforeAll(async () => {
    const made = await createBorder();
    fetching = { ...made, recipient: await made.authority.issue('recipient', 'client') };
    exporter = startExporter(await writePullConfig(fetching, { host: '127.0.0.1', port: 0 }));
    await until(() => exporter.lines.some((line) => line.includes('at port')));
    url = `https://127.0.0.1:${/port (\d+)/.exec(exporter.lines.join())?.[1]}`;
    putParcel(fetching, { id: 't-1', endpoint: PULL_ENDPOINT, files: { 'data.bin': FILE } });
    writeFileSync(at('ca.crt'), fetching.authority.certificate);
    identify('recipient', fetching.recipient);
  });
  afterAll(async () => {
    await exporter.stop();
    fetching.remove();
  });

  test('what is there already is not fetched again', async () => {
    const [, fetch = ''] = shown;
    writeFileSync(at('data.bin'), FILE.subarray(0, CAME));
    await shell(fetch, url);
    expect(sha256Hex(readFileSync(at('data.bin')))).toBe(sha256Hex(FILE));
  });
});

describe('curl towards the receiver', () => {
  const WHO: readonly (readonly [string, () => Promise<TestIdentity | undefined>, RegExp])[] = [
    ['the registered certificate', async () => border.exporter, /^204$/],
    ['no certificate', async () => undefined, /^exit (35|52|55|56)$/],
    ['an expired certificate', () => border.authority.issue('exporter', 'client', -2), /^exit (35|52|55|56)$/],
    [
      'one of another authority of the same name',
      async () => (await createAuthority('throw-away test authority')).issue('exporter', 'client'),
      /^exit (35|52|55|56)$/,
    ],
    ['a valid one that is not registered', () => border.authority.issue('exporter', 'client'), /^403$/],
  ];

  test.each(WHO)('with %s', async (_, identity, said) => {
    const own = await identity();
    if (own !== undefined) identify('caller', own);
    const authority = at('receiver-ca.crt');
    writeFileSync(authority, border.authority.certificate);
    const certificate = own === undefined ? [] : ['--cert', at('caller.crt'), '--key', at('caller.key')];
    const fixed = [
      '-sS',
      '--max-time',
      '20',
      '--tlsv1.3',
      '--cacert',
      authority,
      '-o',
      '/dev/null',
      '-w',
      '%{http_code}',
    ];
    const body = ['-X', 'PUT', '-H', 'content-type: application/octet-stream', '--data-binary', 'hello'];
    const made = run('curl', [
      ...[...fixed, ...certificate, ...body],
      `https://127.0.0.1:${receiver.port}/v1/transfers/t-2/files/data.bin`,
    ]);
    const { stdout } = await made.catch((cause: { code: number }) => ({ stdout: `exit ${cause.code}` }));
    expect(stdout).toMatch(said);
  });
});
