import { createReadStream, statSync } from 'node:fs';
import { Client } from 'undici';
import type { BareOrder } from './bare-upload.ts';

// One end of a bare upload: a file streamed by undici over TLS 1.3 with a client certificate, and nothing else done to it.
process.once('message', async ({ cert, key, ca, path, port }: BareOrder & { readonly port: number }) => {
  const client = new Client(`https://127.0.0.1:${port}`, {
    connect: { cert, key, ca, minVersion: 'TLSv1.3', ALPNProtocols: ['http/1.1'] },
    headersTimeout: 0,
  });
  const began = performance.now();
  const { statusCode, body } = await client.request({
    method: 'PUT',
    path: '/',
    headers: { 'content-length': String(statSync(path).size) },
    body: createReadStream(path),
  });
  await body.arrayBuffer();
  process.send?.({ statusCode, seconds: (performance.now() - began) / 1_000 });
});
