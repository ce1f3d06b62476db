import type { Acknowledgement } from '../proto/codec/control-codec.ts';
import { bilingual, type Fault } from '../proto/words/fault.ts';
import { PRIORITIES, type Priority } from '../proto/words/priority.ts';
import type { Clock } from '../proto/words/time.ts';
import { createBandwidth } from './bandwidth.ts';
import type { Conditions } from './conditions.ts';
import { createLane, type Lane } from './drain-lane.ts';
import type { Spools } from './ports/spool.ts';
import type { Uplink } from './ports/uplink.ts';
import { mayUpload, type UploadRule } from './upload-rules.ts';

/** Batches sent and not yet acknowledged. */
export const IN_FLIGHT_MAX = 8;

/** A connection that acknowledges nothing for this long is opened anew, whatever it says of itself. */
export const ACKNOWLEDGE_TIMEOUT_MS = 30_000;

export interface DrainSettings {
  /** `live-first`: what was sealed since the connection goes before the backlog. */
  readonly order: 'fifo' | 'live-first';
  /** Bytes a second; undefined: no bound. */
  readonly maxBandwidth?: number | undefined;
  readonly rules: Partial<Readonly<Record<Priority, UploadRule | undefined>>>;
}

/**
 * Sends what lies in the spool, the most urgent queue first, keeping a window in flight. It deletes nothing:
 * acknowledgements do.
 */
export interface Drain {
  readonly connected: () => void;
  readonly disconnected: () => void;
  readonly acknowledged: (acknowledgement: Acknowledgement) => void;
  /** Fills the window; also asks whether the cloud has fallen silent. */
  readonly pump: () => void;
  readonly isConnected: () => boolean;
}

export interface DrainParts {
  readonly spools: Spools;
  readonly uplink: () => Uplink | undefined;
  readonly clock: Clock;
  readonly conditions: Conditions;
  readonly settings: DrainSettings;
  readonly onFault: (fault: Fault) => void;
}

export function createDrain({ spools, uplink, clock, conditions, settings, onFault }: DrainParts): Drain {
  const lanes: readonly Lane[] = PRIORITIES.map((priority) => createLane(spools.of[priority], priority));
  const bandwidth = createBandwidth(settings.maxBandwidth, clock.now());
  let isConnected = false;
  let lastHeard = clock.now();

  const inFlight = (): number => lanes.reduce((sum, lane) => sum + lane.inFlight(), 0);

  /** A batch that the bandwidth does not allow stops everything behind it, so that small ones never overtake it. */
  const fill = (target: Uplink): void => {
    if (inFlight() === 0) lastHeard = clock.now();
    for (const lane of lanes) {
      if (!mayUpload(settings.rules[lane.priority], lane.spool, conditions, clock.now())) continue;
      for (const batch of lane.next(IN_FLIGHT_MAX - inFlight())) {
        if (!bandwidth.take(batch.bytes.length, clock.now())) return;
        lane.sent(batch);
        target.send(batch, { epoch: lane.spool.epoch, priority: lane.priority });
      }
    }
  };

  return {
    isConnected: () => isConnected,
    connected: () => {
      isConnected = true;
      for (const lane of lanes) lane.begin(settings.order);
      const target = uplink();
      if (target !== undefined) fill(target);
    },
    disconnected: () => {
      isConnected = false;
      for (const lane of lanes) lane.begin(settings.order);
    },
    acknowledged: ({ epoch, ranges }) => {
      const lane = lanes.find(({ spool }) => spool.epoch === epoch);
      if (lane === undefined) return;
      lastHeard = clock.now();
      for (const { firstSequence } of ranges) lane.acknowledged(firstSequence);
    },
    pump: () => {
      const target = uplink();
      if (target === undefined || !isConnected) return;
      if (inFlight() > 0 && clock.now() - lastHeard > ACKNOWLEDGE_TIMEOUT_MS) {
        lastHeard = clock.now();
        onFault(uplinkSilent());
        target.reconnect();
      } else fill(target);
    },
  };
}

function uplinkSilent(): Fault<'UPLINK_SILENT'> {
  const seconds = ACKNOWLEDGE_TIMEOUT_MS / 1_000;
  return {
    code: 'UPLINK_SILENT',
    problem: bilingual(
      `the connection is open, and the cloud has acknowledged nothing for ${seconds} s`,
      `连接仍在，但云端已有 ${seconds} 秒未确认任何数据`,
    ),
    remedy: bilingual(
      'the connection is opened anew and everything is kept; if it repeats, look at the disk and the log of the cloud',
      '将重新建立连接，数据全部保留；若反复出现，请检查云端磁盘与日志',
    ),
    retry: 'later',
  };
}
