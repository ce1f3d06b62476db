import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { errorCode } from '../exporter-fault.ts';
import type { Recorder } from './recorder.ts';

/** Bytes that came in and are not durable yet; at the limit the socket is left to wait. */
const INCOMING_BYTES_MAX = 4_194_304;

/** What TLS may have written ahead of what is durable and gone. */
const OUTGOING_BYTES_MAX = 4_194_304;

/**
 * Stands between a socket and TLS, for whoever opened the connection: a byte goes to the socket only once it is recorded durably,
 * and comes up to TLS only then. When something cannot be recorded both are destroyed.
 *
 * Nothing may have been read from the socket before.
 */
export function tapSocket(socket: Socket, recorder: Recorder): Duplex {
  let incoming = 0;
  let outgoing = 0;
  let release: (() => void) | undefined;
  let hasEnded = false;

  const tap = new Duplex({
    allowHalfOpen: true,
    // Closed by TLS alone once the other side has ended: an answer may still lie unread in it.
    autoDestroy: false,
    read: () => {
      if (incoming < INCOMING_BYTES_MAX) socket.resume();
    },
    write: (chunk: Buffer, _encoding, done) => send([chunk], done),
    writev: (chunks, done) =>
      send(
        chunks.map(({ chunk }) => chunk as Buffer),
        done,
      ),
    final: (done) => {
      if (hasEnded) return done();
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

  /** What TLS writes is taken at once up to a limit, so that many records of TLS share one write to the disk. */
  const send = (chunks: readonly Buffer[], done: (error?: Error) => void): void => {
    const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    // After its end the other side hears nothing any more: TLS may say good-bye, and it goes nowhere.
    if (!socket.writable) {
      done(hasEnded ? undefined : new Error('the connection is over'));
      return;
    }
    outgoing += bytes.length;
    void recorder.record('sent', bytes).then((recorded) => {
      if (!recorded.ok) tap.destroy(notRecorded());
      else if (socket.writable) socket.write(bytes, () => left(bytes.length));
      else left(bytes.length);
    });
    if (outgoing < OUTGOING_BYTES_MAX) done();
    else release = done;
  };
  const left = (bytes: number): void => {
    outgoing -= bytes;
    if (outgoing >= OUTGOING_BYTES_MAX) return;
    release?.();
    release = undefined;
  };

  socket.on('data', (chunk: Buffer) => {
    incoming += chunk.length;
    if (incoming >= INCOMING_BYTES_MAX) socket.pause();
    void recorder.record('received', chunk).then((recorded) => {
      incoming -= chunk.length;
      if (!recorded.ok) return tap.destroy(notRecorded());
      if (!tap.push(chunk) || tap.destroyed) return socket.pause();
      return incoming < INCOMING_BYTES_MAX ? socket.resume() : undefined;
    });
  });
  socket.once('end', () => {
    hasEnded = true;
    // The socket ends its own side by itself when the other side has (allowHalfOpen is off).
    void Promise.all([recorder.record('end-received'), recorder.record('end-sent')]).then(() => tap.push(null));
  });
  socket.on('error', (cause) => {
    if (BROKEN_OFF.has(errorCode(cause))) void recorder.record('reset');
    tap.destroy(cause);
  });
  socket.once('close', () => {
    if (!hasEnded) tap.destroy();
  });
  return tap;
}

const BROKEN_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function notRecorded(): Error {
  return new Error('what is not recorded is not sent');
}
