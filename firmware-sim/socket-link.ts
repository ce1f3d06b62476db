import { createConnection, type Socket } from 'node:net';

/** A connection to one Unix socket that is made again whenever it breaks. */
export interface Link {
  readonly isUp: () => boolean;
  /** Calls back once with whether the kernel took all of it; at most one write may be open. Only while up. */
  readonly write: (text: string, onDone: (sent: boolean) => void) => void;
  /** Ends the connection and the attempts to make one. */
  readonly end: () => void;
}

export interface LinkEvents {
  readonly onUp: () => void;
  /** After `FAILURES_MAX` failures in a row; the link is dead from then on. */
  readonly onGaveUp: () => void;
}

/** About eleven hours of an agent that is not there. */
export const FAILURES_MAX = 20_000;

/** Linux keeps 108 bytes for the path of a Unix socket, the closing zero included; macOS 104. */
export const SOCKET_PATH_BYTES_MAX = 103;

export function openLink(path: string, events: LinkEvents): Link {
  let up: Socket | undefined;
  let failures = 0;
  let ended = false;
  let timer: NodeJS.Timeout | undefined;

  const connect = () => {
    const socket = createConnection(path);
    socket.on('connect', () => {
      failures = 0;
      up = socket;
      events.onUp();
    });
    // `close` follows every error and decides what happens next.
    socket.on('error', () => undefined);
    socket.on('close', () => {
      up = undefined;
      if (ended) return;
      failures += 1;
      if (failures > FAILURES_MAX) events.onGaveUp();
      else timer = setTimeout(connect, backoffMs(failures));
    });
    // The agent says nothing; reading is how its end is noticed.
    socket.resume();
  };
  connect();

  return {
    isUp: () => up !== undefined,
    write: (text, onDone) => {
      if (up === undefined) onDone(false);
      else up.write(text, (error) => onDone(!error));
    },
    end: () => {
      ended = true;
      clearTimeout(timer);
      up?.end(() => up?.destroy());
    },
  };
}

/** 25 ms after the first failure, doubling, never more than two seconds. */
export function backoffMs(failures: number): number {
  return Math.min(BACKOFF_MS_MAX, BACKOFF_MS_MIN * 2 ** Math.min(failures - 1, 10));
}

const BACKOFF_MS_MIN = 25;
const BACKOFF_MS_MAX = 2_000;
