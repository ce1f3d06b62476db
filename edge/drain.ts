import type { Acknowledgement } from '../proto/codec/control-codec.ts';
import type { Clock } from '../proto/words/time.ts';
import type { Spool } from './ports/spool.ts';
import type { Uplink } from './ports/uplink.ts';

/** Batches sent and not yet acknowledged. */
export const IN_FLIGHT_MAX = 8;

/** A connection that acknowledges nothing for this long is opened anew, whatever it says of itself. */
export const ACKNOWLEDGE_TIMEOUT_MS = 30_000;

/** Sends what lies in the spool, oldest first, keeping a window in flight. It deletes nothing: acknowledgements do. */
export interface Drain {
  readonly connected: () => void;
  readonly disconnected: () => void;
  readonly acknowledged: (acknowledgement: Acknowledgement) => void;
  /** Fills the window; also asks whether the cloud has fallen silent. */
  readonly pump: () => void;
  readonly isConnected: () => boolean;
}

export function createDrain(spool: Spool, uplink: () => Uplink | undefined, clock: Clock): Drain {
  const inFlight = new Set<number>();
  let lastSent = -1;
  let isConnected = false;
  let lastHeard = clock.now();

  const forget = (): void => {
    inFlight.clear();
    lastSent = -1;
  };

  const fill = (target: Uplink): void => {
    const room = IN_FLIGHT_MAX - inFlight.size;
    if (room <= 0) return;
    if (inFlight.size === 0) lastHeard = clock.now();
    for (const batch of spool.read(lastSent, room)) {
      inFlight.add(batch.firstSequence);
      lastSent = batch.firstSequence;
      target.send(batch);
    }
  };

  return {
    isConnected: () => isConnected,
    connected: () => {
      isConnected = true;
      forget();
      const target = uplink();
      if (target !== undefined) fill(target);
    },
    disconnected: () => {
      isConnected = false;
      forget();
    },
    acknowledged: ({ epoch, ranges }) => {
      if (epoch !== spool.epoch) return;
      lastHeard = clock.now();
      for (const { firstSequence } of ranges) inFlight.delete(firstSequence);
    },
    pump: () => {
      const target = uplink();
      if (target === undefined || !isConnected) return;
      if (inFlight.size > 0 && clock.now() - lastHeard > ACKNOWLEDGE_TIMEOUT_MS) {
        lastHeard = clock.now();
        target.reconnect();
      } else fill(target);
    },
  };
}
