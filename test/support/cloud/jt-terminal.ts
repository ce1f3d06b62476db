import { createSocket } from 'node:dgram';
import { onTestFinished } from 'vitest';
import { createJtStream } from '../../../cloud/terminals/jt808/stream.ts';
import { type JtView, viewOfJt } from '../../../cloud/terminals/jt808/view.ts';
import { jtBytes, REGISTRATION } from './jt-messages.ts';
import { type JtSettings, registerJtTerminal, serveJtStores, TCP } from './jt-run.ts';
import { openStores } from './open-stores.ts';
import { scratchDirectory } from './stores.ts';
import { connectTerminal, type TerminalSettings } from './terminal-run.ts';

/** A port over stores of its own, closed when the test is over. */
export async function serveJt(
  vin: string,
  settings: JtSettings = TCP,
  confidentiality: NonNullable<TerminalSettings['confidentiality']> = [],
) {
  const directory = scratchDirectory();
  const stores = openStores(directory, []);
  registerJtTerminal(stores, vin);
  const run = await serveJtStores(stores, settings, confidentiality);
  let isOpen = true;
  const close = async (): Promise<void> => {
    if (!isOpen) return;
    isOpen = false;
    await run.terminals.close();
    stores.close();
  };
  onTestFinished(close);
  const dial = (): JtTerminal => {
    const socket = connectTerminal(run.terminals.status().port);
    onTestFinished(socket.end);
    return jtTerminal(socket);
  };
  return { ...run, stores, directory, close, dial };
}

/** A terminal that sends datagrams. */
export async function jtDatagrams(port: number): Promise<JtTerminal> {
  const socket = createSocket('udp4');
  let got: Buffer = Buffer.alloc(0);
  let look = (): void => undefined;
  socket.on('message', (datagram) => {
    got = Buffer.concat([got, datagram]);
    look();
  });
  await new Promise<void>((resolve) => socket.connect(port, '127.0.0.1', resolve));
  const ended = new Promise((resolve) => socket.once('close', resolve));
  const end = (): void => void socket.close();
  onTestFinished(end);
  const answered = (bytes: number): Promise<Buffer> =>
    new Promise((resolve) => {
      look = () => {
        if (got.length >= bytes) resolve(got);
      };
      look();
    });
  return jtTerminal({ send: (bytes) => void socket.send(bytes), answers: () => got, answered, ended, end });
}

export interface JtTerminal {
  readonly send: (bytes: Uint8Array) => void;
  /** What came back so far. */
  readonly answers: () => readonly JtView[];
  /** Resolves with all answers once there are so many. */
  readonly answered: (count: number) => Promise<readonly JtView[]>;
  readonly ended: Promise<unknown>;
  readonly end: () => void;
  /** Registers, authenticates, and waits until both were answered; gives the code. */
  readonly enter: () => Promise<string>;
}

type Wire = Pick<ReturnType<typeof connectTerminal>, 'send' | 'ended' | 'end' | 'answers' | 'answered'>;

export function jtTerminal(wire: Wire): JtTerminal {
  const read = (): readonly JtView[] => {
    const views: JtView[] = [];
    const stream = createJtStream({
      frame: (frame) => views.push(viewOfJt(frame)),
      fault: (code) => {
        throw new Error(code);
      },
    });
    stream.push(wire.answers());
    return views;
  };
  const answered = async (count: number): Promise<readonly JtView[]> => {
    for (let bytes = 1; ; bytes += 1) {
      const got = await wire.answered(bytes);
      const views = read();
      if (views.length >= count) return views;
      bytes = got.length;
    }
  };
  return {
    ...{ send: wire.send, ended: wire.ended, end: wire.end, answers: read, answered },
    enter: async () => {
      wire.send(jtBytes('registration', REGISTRATION, 1));
      const [registered] = await answered(1);
      const code = String(registered?.body['code']);
      wire.send(jtBytes('authentication', { code }, 2));
      await answered(2);
      return code;
    },
  };
}
