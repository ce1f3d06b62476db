import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { PullPatience } from './pull-server.ts';

/**
 * Ends lines that take longer than their time: to the end of their first headers, of a request, or to the next. A time does not begin
 * anew with each byte, as those of sockets do; and Node's own times of headers and requests run only in a server that listens itself,
 * while ours is handed lines that are on record.
 */
export interface LineDeadlines {
  /** Called once the handshake is over. */
  readonly begin: (socket: Socket) => void;
  readonly onRequest: (request: IncomingMessage, response: ServerResponse) => void;
}

export function lineDeadlines({ headersMs, requestMs, idleMs }: PullPatience): LineDeadlines {
  const timers = new WeakMap<Socket, NodeJS.Timeout>();
  const disarm = (socket: Socket): void => clearTimeout(timers.get(socket));
  const arm = (socket: Socket, ms: number): void => {
    disarm(socket);
    if (!socket.destroyed) timers.set(socket, setTimeout(() => socket.destroy(), ms).unref());
  };
  return {
    begin: (socket) => {
      socket.once('close', () => disarm(socket));
      arm(socket, headersMs);
    },
    onRequest: (request, response) => {
      const { socket, headers } = request;
      // Without a body a request is whole now; its answer takes the time that it takes.
      const hasBody = headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
      if (hasBody) arm(socket, requestMs);
      else disarm(socket);
      request.once('end', () => disarm(socket));
      // A body that nobody reads, of a request that was refused, ends with its answer.
      response.once('finish', () => arm(socket, idleMs + headersMs));
    },
  };
}
