import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { giveBack } from '../../../proto/words/give-back.ts';
import { BLOCK_BYTES_MAX } from '../../capture/segment.ts';
import { errorCode } from '../exporter-fault.ts';
import type { Recorder } from './recorder.ts';

/** Bytes that came in and are not durable yet; at the limit the socket is left to wait. */
const INCOMING_BYTES_MAX = 4_194_304;

/** What TLS may have written ahead of what is durable and gone: a block that the disk is at, and one that fills. */
const OUTGOING_BYTES_MAX = 2 * BLOCK_BYTES_MAX;

/**
 * Stands between a socket and TLS, for whoever opened the connection: a byte goes to the socket only once it is recorded durably,
 * and comes up to TLS only then. When something cannot be recorded both are destroyed. What is written to it is its own: once it is with the
 * socket its memory is given back.
 *
 * Nothing may have been read from the socket before.
 *
 * @param mayTake - asked of all bytes that came so far, before the last of them are recorded; when it says no, the connection ends
 */
export function tapSocket(
  socket: Socket,
  recorder: Recorder,
  mayTake: (bytes: number) => boolean = () => true,
): Duplex {
  const state: State = { incoming: 0, hasEnded: false };
  const outgoing = createOutgoing(socket, recorder, state, (cause) => tap.destroy(cause));
  const tap = new Duplex({
    allowHalfOpen: true,
    // Closed by TLS alone once the other side has ended: an answer may still lie unread in it.
    autoDestroy: false,
    read: () => {
      if (state.incoming < INCOMING_BYTES_MAX) socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => outgoing([chunk], done),
    writev: (chunks, done) =>
      outgoing(
        chunks.map(({ chunk }) => chunk as Buffer),
        done,
      ),
    final: (done) => {
      if (state.hasEnded) return done();
      void recorder.record('end-sent').then((recorded) => {
        if (!recorded.ok) return done(notRecorded());
        socket.end();
        return done();
      });
    },
    destroy: (error, done) => {
      socket.destroy();
      done(error);
    },
  });
  passUp(socket, { recorder, mayTake }, state, tap);
  return tap;
}

interface State {
  /** Bytes that came in and are not durable yet. */
  incoming: number;
  /** The other side has said that nothing more comes. */
  hasEnded: boolean;
}

/** What TLS writes is taken at once up to a limit, so that many records of TLS share one write to the disk. */
function createOutgoing(socket: Socket, recorder: Recorder, state: State, giveUp: (cause: Error) => void) {
  let waiting = 0;
  let release: (() => void) | undefined;
  const left = (bytes: number): void => {
    waiting -= bytes;
    if (waiting >= OUTGOING_BYTES_MAX) return;
    release?.();
    release = undefined;
  };
  return (chunks: readonly Buffer[], done: (error?: Error) => void): void => {
    // After its end the other side hears nothing any more: TLS may say good-bye, and it goes nowhere.
    if (!socket.writable) {
      done(state.hasEnded ? undefined : new Error('the connection is over'));
      return;
    }
    const bytes = chunks.reduce((sum, { length }) => sum + length, 0);
    waiting += bytes;
    void recorder.record('sent', chunks).then((recorded) => {
      if (!recorded.ok) giveUp(notRecorded());
      else if (socket.writable) {
        writeAll(socket, chunks, () => {
          for (const chunk of chunks) giveBack(chunk);
          left(bytes);
        });
      } else left(bytes);
    });
    if (waiting < OUTGOING_BYTES_MAX) done();
    else release = done;
  };
}

/** One call of the system for all of them. */
function writeAll(socket: Socket, chunks: readonly Buffer[], done: () => void): void {
  socket.cork();
  for (const [at, chunk] of chunks.entries()) socket.write(chunk, at === chunks.length - 1 ? done : undefined);
  socket.uncork();
}

interface Incoming {
  readonly recorder: Recorder;
  readonly mayTake: (bytes: number) => boolean;
}

/** What comes in goes up to TLS once it is durable. */
function passUp(socket: Socket, { recorder, mayTake }: Incoming, state: State, tap: Duplex): void {
  socket.on('data', (chunk: Buffer) => {
    if (!mayTake(socket.bytesRead)) {
      tap.destroy(new Error('more than this end may send'));
      return;
    }
    state.incoming += chunk.length;
    if (state.incoming >= INCOMING_BYTES_MAX) socket.pause();
    void recorder.record('received', chunk).then((recorded) => {
      state.incoming -= chunk.length;
      if (!recorded.ok) return tap.destroy(notRecorded());
      if (!tap.push(chunk) || tap.destroyed) return socket.pause();
      return state.incoming < INCOMING_BYTES_MAX ? socket.resume() : undefined;
    });
  });
  socket.once('end', () => {
    state.hasEnded = true;
    // The socket ends its own side by itself when the other side has (allowHalfOpen is off).
    void Promise.all([recorder.record('end-received'), recorder.record('end-sent')]).then(() => tap.push(null));
  });
  socket.on('error', (cause) => {
    if (BROKEN_OFF.has(errorCode(cause))) void recorder.record('reset');
    tap.destroy(cause);
  });
  socket.once('close', () => {
    if (!state.hasEnded) tap.destroy();
  });
}

const BROKEN_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function notRecorded(): Error {
  return new Error('what is not recorded is not sent');
}
