import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Uplink, UplinkEvents } from '../ports/uplink.ts';

/**
 * Writes each signed batch to a file instead of sending it, for whoever wants to look at one or send it with a client of
 * their own (`mosquitto_pub -f`). Once written it counts as acknowledged.
 *
 * @param directory - must exist; files are named by their queue and first sequence, `statistics-000000000000.batch`
 */
export function directoryUplink(directory: string, events: UplinkEvents): Uplink {
  let isClosed = false;
  /** Whoever closed it has closed what would be told as well. */
  const tell = (event: () => void): void => {
    setImmediate(() => {
      if (!isClosed) event();
    });
  };
  tell(events.onConnected);
  return {
    send: ({ firstSequence, count, bytes }, { epoch, priority }) => {
      if (isClosed) return;
      const name = `${priority}-${String(firstSequence).padStart(NAME_DIGITS, '0')}.batch`;
      writeFileSync(join(directory, name), bytes, { mode: 0o600 });
      tell(() => events.onAcknowledged({ epoch, ranges: [{ firstSequence, count, quarantined: false }] }));
    },
    reconnect: () => undefined,
    close: async () => {
      isClosed = true;
    },
  };
}

const NAME_DIGITS = 12;
