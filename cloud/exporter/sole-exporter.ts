import { randomUUID } from 'node:crypto';
import { type FileHandle, open, readdir, rename, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type ExporterFault, errorCode, exporterFault, isSystemError } from './exporter-fault.ts';

/** What gives the border directory back; a process that ends in any way gives it back as well. */
export interface Hold {
  readonly release: () => Promise<void>;
}

/**
 * Makes sure that no other exporter serves this border directory: two with a log each would send one parcel twice.
 *
 * Node has no lock of files without an addon, which the permission model forbids. So an exporter listens at a socket in `returns`, which
 * dies with its process, and then looks for others. Each is there before it looks: of two that start at once one at least sees the other.
 *
 * Faults: OUTBOX_HELD; OUTBOX_HOLD_UNKNOWN where nobody can tell.
 */
export async function holdBorder(returns: string): Promise<Result<Hold, ExporterFault>> {
  const name = `${PREFIX}${randomUUID()}${SUFFIX}`;
  let directory: FileHandle | undefined;
  let server: Server | undefined;
  const release = async () => {
    await rm(join(returns, name), { force: true }).catch(() => undefined);
    server?.close();
    await directory?.close();
  };
  try {
    directory = await open(returns, 'r');
    server = await listen(reach(directory, returns, `${name}.tmp`));
    // Under its name only once it answers: one that does not answer counts as dead.
    await rename(join(returns, `${name}.tmp`), join(returns, name));
    for (const other of await readdir(returns)) {
      if (other === name || !OTHERS.test(other)) continue;
      const isAlive = await isAnswered(reach(directory, returns, other));
      // One that is only about to take its name looks after that, and finds this one.
      if (isAlive && other.endsWith(SUFFIX)) {
        await release();
        return fail(exporterFault('OUTBOX_HELD'));
      }
      if (!isAlive) await rm(join(returns, other), { force: true }).catch(() => undefined);
    }
    return ok({ release });
  } catch (cause) {
    await release();
    if (!isSystemError(cause)) throw cause;
    return fail(exporterFault('OUTBOX_HOLD_UNKNOWN', errorCode(cause)));
  }
}

const PREFIX = 'exporter-';
const SUFFIX = '.alive';
const OTHERS = /^exporter-.*\.alive(\.tmp)?$/;

/** The address of a socket holds about a hundred bytes; by its open directory it is short, however deep that lies (Linux). */
const ADDRESS_BYTES_MAX = 100;

function reach({ fd }: FileHandle, directory: string, name: string): string {
  const path = join(directory, name);
  const isLong = Buffer.byteLength(path) > ADDRESS_BYTES_MAX;
  return isLong ? join('/proc/self/fd', String(fd), name) : path;
}

function listen(path: string): Promise<Server> {
  const server = createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.unref();
      resolve(server);
    });
  });
}

/** Whether a process listens there; what is neither refused nor absent is one, for all that anybody knows. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (cause) => resolve(!DEAD.includes(errorCode(cause))));
  });
}

const DEAD: readonly string[] = ['ECONNREFUSED', 'ENOENT', 'ENOTSOCK'];
