import { createWriteStream } from 'node:fs';
import { createServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream/promises';
import type { BareOrder } from './bare-upload.ts';

// The other end of a bare upload: TLS 1.3 with a client certificate, the body to a file as the reference receiver writes it,
// synced before the answer. Told by its parent what it needs.
process.once('message', ({ cert, key, ca, path }: BareOrder) => {
  const server = createServer({ cert, key, ca, requestCert: true, minVersion: 'TLSv1.3' }, (request, response) => {
    void pipeline(request, createWriteStream(path, { flush: true })).then(() => response.writeHead(204).end());
  });
  server.listen(0, '127.0.0.1', () => process.send?.((server.address() as AddressInfo).port));
});
