import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { errorCode } from '../exporter-fault.ts';
import type { Recorder } from './recorder.ts';

/** Bytes that came in and are not durable yet; at the limit the socket is left to wait. */
const INCOMING_BYTES_MAX = 4_194_304;

/** What TLS may have written ahead of what is durable. */
const OUTGOING_BYTES_MAX = 1_048_576;

/**
 * Stands between a socket and TLS, for whoever opened the connection: a byte goes to the socket only once it is recorded durably,
 * and comes up to TLS only then. When something cannot be recorded both are destroyed.
 *
 * Nothing may have been read from the socket before.
 */
export function tapSocket(socket: Socket, recorder: Recorder): Duplex {
  let incoming = 0;

  const tap = new Duplex({
    allowHalfOpen: true,
    writableHighWaterMark: OUTGOING_BYTES_MAX,
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

  const send = (chunks: readonly Buffer[], done: (error?: Error) => void): void => {
    const bytes = chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks);
    const recorded = socket.writable ? recorder.record('sent', bytes) : undefined;
    if (recorded === undefined) done(new Error('the connection is over'));
    void recorded?.then(({ ok }) => {
      if (!ok || !socket.writable) done(notRecorded());
      else if (socket.write(bytes)) done();
      else onceOf(socket, ['drain', 'close'], () => done());
    });
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
    // The socket ends its own side by itself when the other side has (allowHalfOpen is off).
    void Promise.all([recorder.record('end-received'), recorder.record('end-sent')]).then(() => tap.push(null));
  });
  socket.on('error', (cause) => {
    if (BROKEN_OFF.has(errorCode(cause))) void recorder.record('reset');
    tap.destroy(cause);
  });
  socket.once('close', () => tap.destroy());
  return tap;
}

const BROKEN_OFF: ReadonlySet<string> = new Set(['ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

function notRecorded(): Error {
  return new Error('what is not recorded is not sent');
}

function onceOf(socket: Socket, events: readonly string[], then: () => void): void {
  const settle = (): void => {
    for (const event of events) socket.off(event, settle);
    then();
  };
  for (const event of events) socket.once(event, settle);
}
