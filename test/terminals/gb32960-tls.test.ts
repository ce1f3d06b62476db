import { once } from 'node:events';
import { connect, type TLSSocket } from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { listenForTerminals } from '../../cloud/adapters/terminal-server.ts';
import { bindLogin } from '../../cloud/terminals/ingress/binding.ts';
import type { TerminalSession } from '../../cloud/terminals/ingress/session.ts';
import { type ConnectingDevice, connectingDevice, createAuthority } from '../support/cloud/certificates.ts';

const servers = await createAuthority('servers');
const devices = await createAuthority('devices');
const strangers = await createAuthority('strangers');
const server = await servers.issue('localhost', 'server');
const [known, unregistered, forged] = await Promise.all([
  connectingDevice(devices, 1),
  connectingDevice(devices, 2),
  connectingDevice(strangers, 3),
]);

/** Answers every segment with whether a login under that VIN would be bound to the certificate. */
async function serve() {
  const ended: string[] = [];
  const tls = { certificate: server.certificate, key: server.key, deviceAuthority: devices.certificate };
  const listening = await listenForTerminals(
    { host: '127.0.0.1', port: 0, idleMs: 5_000, tls, section: 'terminals.gb32960' },
    {
      find: (device) => (device === known.registered.device ? known.registered : undefined),
      onEnded: (reason) => ended.push(reason),
      open: (origin, link): TerminalSession => ({
        push: (segment) => {
          const claim = { protocol: 'gb32960', name: segment.toString(), code: new Uint8Array(16) } as const;
          const bound = bindLogin(claim, origin, { findTerminal: () => expect.unreachable() });
          link.write(Buffer.from(bound === undefined ? 'unbound' : 'bound'));
        },
        ...{ held: () => 0, isLoggedIn: () => false, close: () => undefined },
      }),
    },
  );
  if (!listening.ok) throw new Error(listening.fault.code);
  onTestFinished(listening.value.close);
  const dial = ({ identity }: ConnectingDevice): TLSSocket => {
    const { certificate: cert, key } = identity;
    const socket = connect({
      ...{ host: '127.0.0.1', port: listening.value.port, servername: 'localhost', cert, key },
      ca: servers.certificate,
    });
    socket.on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    return socket;
  };
  return { dial, ended };
}

test('a login is bound to the vehicle of its certificate and to no other', async () => {
  const { dial } = await serve();
  const socket = dial(known);
  socket.write(known.vin);
  expect(String((await once(socket, 'data'))[0])).toBe('bound');
  socket.write(unregistered.vin);
  expect(String((await once(socket, 'data'))[0])).toBe('unbound');
});

test.each([
  ['a device that is not registered', unregistered],
  ['a certificate of another authority', forged],
])('%s is not let in', async (_, device) => {
  const { dial, ended } = await serve();
  const socket = dial(device);
  await once(socket, 'close');
  expect(ended).toEqual(['tls']);
});
