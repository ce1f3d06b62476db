import { createConnection, createServer, type Socket } from 'node:net';

/** What lies between a process and its server, in a test. */
export interface Cut {
  readonly port: number;
  /** Nothing passes any more, and nobody is told: what a network does that is gone. */
  readonly silence: () => void;
  /** Ends every connection; new ones are let through again, and nothing of theirs is kept back. */
  readonly end: () => void;
  /** The next answer with this text in it is kept back, and its connection ended. Resolves then. */
  readonly swallow: (text: string) => Promise<void>;
  readonly close: () => Promise<void>;
}

/** A proxy at a port of loopback that the system chooses. */
export async function cutBefore(port: number): Promise<Cut> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let isSilent = false;
  let wanted: { readonly text: string; readonly done: () => void } | undefined;
  const server = createServer((near) => {
    const far = createConnection(port, '127.0.0.1');
    const pair = [near, far] as const;
    pairs.add(pair);
    const end = (): void => {
      pairs.delete(pair);
      for (const one of pair) one.destroy();
    };
    near.on('data', (bytes) => isSilent || far.write(bytes));
    far.on('data', (bytes) => {
      if (wanted !== undefined && bytes.includes(wanted.text)) {
        const { done } = wanted;
        wanted = undefined;
        end();
        done();
      } else if (!isSilent) near.write(bytes);
    });
    for (const one of pair) one.on('error', end).on('close', () => isSilent || end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const end = (): void => {
    for (const pair of pairs) for (const one of pair) one.destroy();
    pairs.clear();
  };
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    silence: () => {
      isSilent = true;
    },
    end: () => {
      isSilent = false;
      wanted = undefined;
      end();
    },
    swallow: (text) =>
      new Promise((done) => {
        wanted = { text, done };
      }),
    close: async () => {
      end();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
