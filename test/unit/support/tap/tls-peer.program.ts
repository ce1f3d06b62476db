import { readFileSync } from 'node:fs';
import { connect, createServer, type TLSSocket } from 'node:tls';

/**
 * One end of a TLS 1.3 connection, as a process of its own so that it can log its keys and be killed.
 * `server` sends back what it gets; `client` sends what the instructions say.
 * Its one argument is JSON (`PeerInstructions`); it writes one line of JSON for each thing that happened.
 */
export interface PeerInstructions {
  readonly role: 'client' | 'server';
  /** Server: 0 for any. Client: the tap. */
  readonly port: number;
  readonly ciphers: string;
  /** Curves, best first: a server without the client's first one makes it say hello again. */
  readonly curves: string;
  readonly authority: string;
  readonly certificateFile: string;
  readonly keyFile: string;
  /** Client: text to send, and how often. */
  readonly text: string;
  readonly times: number;
  /** Client: go on sending until killed. */
  readonly isEndless: boolean;
}

const say = (happened: object): void => void process.stdout.write(`${JSON.stringify(happened)}\n`);
const told = JSON.parse(process.argv[2] ?? '{}') as PeerInstructions;
const options = {
  minVersion: 'TLSv1.3',
  ciphers: told.ciphers,
  ecdhCurve: told.curves,
  ca: readFileSync(told.authority),
  cert: readFileSync(told.certificateFile),
  key: readFileSync(told.keyFile),
} as const;

if (told.role === 'server') serve();
else send();

function serve(): void {
  const server = createServer({ ...options, requestCert: true, rejectUnauthorized: true }, (socket) => {
    socket.pipe(socket);
    socket.on('error', () => socket.destroy());
  });
  server.on('tlsClientError', (problem) => say({ refused: 'code' in problem ? problem.code : problem.message }));
  server.listen(told.port, '127.0.0.1', () => say({ port: (server.address() as { port: number }).port }));
}

function send(): void {
  const socket = connect({ ...options, host: '127.0.0.1', port: told.port, servername: 'localhost' });
  let received = 0;
  socket.on('secureConnect', () => {
    say({ cipher: socket.getCipher().standardName });
    if (told.isEndless) flood(socket);
    else {
      for (let at = 0; at < told.times; at++) socket.write(`${told.text}${at}\n`);
      socket.end();
    }
  });
  socket.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  socket.on('close', () => say({ received }));
  socket.on('error', (problem) => say({ failed: problem.message }));
}

function flood(socket: TLSSocket): void {
  let at = 0;
  const more = (): void => {
    while (socket.write(`${told.text}${at++}\n`));
  };
  socket.on('drain', more);
  more();
}
