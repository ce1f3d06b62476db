import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { createJtStream } from '../../cloud/terminals/jt808/stream.ts';
import { type JtView, viewOfJt } from '../../cloud/terminals/jt808/view.ts';
import { type ConnectingDevice, connectingDevice, createAuthority } from '../support/cloud/certificates.ts';
import { jtBytes, REGISTRATION, SAMPLE_POSITION } from '../support/cloud/jt-messages.ts';
import { registerJtTerminal, serveJtStores } from '../support/cloud/jt-run.ts';
import { openStores } from '../support/cloud/open-stores.ts';
import { scratchDirectory } from '../support/cloud/stores.ts';

const servers = await createAuthority('servers');
const devices = await createAuthority('devices');
const server = await servers.issue('localhost', 'server');
const [own, other, unregistered] = await Promise.all([1, 2, 3].map((number) => connectingDevice(devices, number)));

/** A port with TLS; two devices are registered, and a terminal of the vehicle of the first. */
async function serve() {
  if (own === undefined || other === undefined) throw new Error('devices');
  const directory = scratchDirectory();
  const keep = (name: string, text: string): string => {
    writeFileSync(join(directory, name), text);
    return join(directory, name);
  };
  const tls = {
    certificateFile: keep('server.pem', server.certificate),
    keyFile: keep('server.key', server.key),
    deviceAuthorityFile: keep('devices.pem', devices.certificate),
  };
  const stores = openStores(directory, [own, other]);
  registerJtTerminal(stores, own.vin);
  const { terminals } = await serveJtStores(stores, {
    older: 2013,
    idleSeconds: 60,
    tcp: { host: '127.0.0.1', port: 0, tls },
  });
  onTestFinished(async () => {
    await terminals.close();
    stores.close();
  });
  const dial = ({ identity }: ConnectingDevice) => {
    const { certificate: cert, key } = identity;
    const port = terminals.status().port;
    const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', cert, key, ca: servers.certificate });
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    const answers: JtView[] = [];
    const stream = createJtStream({ frame: (frame) => answers.push(viewOfJt(frame)), fault: () => undefined });
    socket.on('data', (segment: Buffer) => stream.push(segment));
    const ask = async (bytes: Buffer): Promise<JtView | undefined> => {
      const before = answers.length;
      socket.write(bytes);
      await expect.poll(() => answers.length).toBe(before + 1);
      return answers.at(-1);
    };
    return { socket, ask };
  };
  return { dial, terminals, stores };
}

test('over TLS a terminal of the vehicle of its certificate registers, authenticates and reports', async () => {
  if (own === undefined) throw new Error('a device');
  const { dial, terminals, stores } = await serve();
  const { ask } = dial(own);
  const registered = await ask(jtBytes('registration', REGISTRATION, 1));
  expect(registered?.body).toMatchObject({ result: 0 });
  const code = String(registered?.body['code']);
  expect((await ask(jtBytes('authentication', { code }, 2)))?.body).toMatchObject({ result: 0 });
  expect((await ask(jtBytes('location', SAMPLE_POSITION, 3)))?.body).toMatchObject({ result: 0 });
  expect(terminals.status().frames).toMatchObject({ registered: 1, authenticated: 1, stored: 1 });
  expect(stores.ledger.totals().framesAdmitted).toBeGreaterThan(0);
});

test('over TLS the certificate of another vehicle does not do, whatever the terminal knows', async () => {
  if (other === undefined) throw new Error('a device');
  const { dial, terminals } = await serve();
  const { ask } = dial(other);
  expect((await ask(jtBytes('registration', REGISTRATION, 1)))?.body).toMatchObject({ result: 4 });
  expect(terminals.status()).toMatchObject({ loggedIn: 0, frames: { 'refused-unbound': 1 } });
});

test('over TLS a device that is not registered is not let in', async () => {
  if (unregistered === undefined) throw new Error('a device');
  const { dial, terminals } = await serve();
  await once(dial(unregistered).socket, 'close');
  expect(terminals.status().ended).toEqual({ tls: 1 });
});
