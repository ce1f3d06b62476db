import type { Clock } from '../../../proto/words/time.ts';
import type { ExporterFault } from '../exporter-fault.ts';
import type { Traffic } from '../traffic.ts';
import { strangersRefusedEntry } from '../traffic-entries.ts';
import { createRefusals } from './refused-connections.ts';
import type { Admission, StrangerLimit } from './stranger-limit.ts';

/** Who may have a connection recorded, and so served; the others are counted and not recorded. */
export interface Doorkeeper {
  /** @returns undefined for a connection that is to end at once, with nothing sent; it has been counted */
  readonly admit: (address: string) => Admission | undefined;
  /** Of a connection that ended for another reason before anything was sent. */
  readonly count: (address: string) => void;
  /** Resolves once what was counted is in the log. */
  readonly close: () => Promise<void>;
}

export interface DoorkeeperOptions {
  readonly limit: StrangerLimit;
  readonly traffic: Pick<Traffic, 'append'>;
  readonly clock: Clock;
  readonly onLogFault: (fault: ExporterFault) => void;
}

/** However many come, one entry in so long tells of them. */
const ENTRY_PERIOD_MS = 60_000;

export function createDoorkeeper({ limit, traffic, clock, onLogFault }: DoorkeeperOptions): Doorkeeper {
  const refusals = createRefusals();
  const write = async (): Promise<void> => {
    const counted = refusals.take();
    if (counted === undefined) return;
    const logged = await traffic.append([strangersRefusedEntry(counted)]);
    if (!logged.ok) onLogFault(logged.fault);
  };
  const timer = setInterval(() => void write(), ENTRY_PERIOD_MS).unref();
  return {
    admit: (address) => {
      const now = clock.now();
      const admission = limit.admit(address, now);
      if (admission === undefined) refusals.count(address, now);
      return admission;
    },
    count: (address) => refusals.count(address, clock.now()),
    close: () => {
      clearInterval(timer);
      return write();
    },
  };
}
