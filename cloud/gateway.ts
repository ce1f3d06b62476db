import { bilingual, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { Clock, Later } from '../proto/words/time.ts';
import type { DeviceId } from '../proto/words/topics.ts';
import { commitGroup, type Stores } from './ingest/group-commit.ts';
import { type JudgeParts, judge } from './ingest/judge.ts';
import { REJECTIONS, type RejectionCode } from './ingest/rejections.ts';
import type { Arrival, GroupAcknowledgement } from './ingest/sort-out.ts';
import { createVerifyAhead, type Receive } from './ingest/verify-ahead.ts';
import type { CommitNote } from './ports/telemetry.ts';
import { storeFault, type Unstored } from './store-fault.ts';

export interface GatewayParts extends JudgeParts {
  readonly stores: Stores;
  readonly clock: Clock;
  /** Ends the wait for a group to fill; the machine's timers where it is absent. */
  readonly later?: Later;
  readonly onDurable: (acknowledgement: GroupAcknowledgement) => void;
  readonly onAlert: (device: DeviceId, code: RejectionCode) => void;
  readonly onFault: (fault: Fault) => void;
  /** After each commit, before anybody is answered: has to return at once. */
  readonly onCommit?: (note: CommitNote) => void;
}

/** Takes payloads in and answers once they are durable. */
export interface Gateway {
  /** `done` gets a fault when the payload is not durable: then there is no PUBACK, and the vehicle sends it again. */
  readonly receive: Receive;
  /** Takes in what somebody else has read and held against the rules: frames of terminals. `done` as for `receive`. */
  readonly take: (arrival: Arrival, done: (fault?: Fault) => void) => void;
  /** Commits what is waiting; before stopping. */
  readonly flush: () => void;
}

/** A group is committed when it is this old or this large, whichever comes first. */
const GROUP_MS = 4;
const GROUP_PAYLOADS_MAX = 2_048;
const GROUP_BYTES_MAX = 16_777_216;
/** Few bytes can unfold to many readings. A larger group takes longer a frame: the engine moves what outlives a round of its collector. */
const GROUP_READINGS_MAX = 32_768;

/** Names of devices under alert are logged at most once in this time for the same reason. */
const ALERT_EVERY_MS = 60_000;
const ALERTS_REMEMBERED_MAX = 10_000;

export function createGateway(parts: GatewayParts): Gateway {
  let waiting: { readonly arrival: Arrival; readonly done: (fault?: Fault) => void }[] = [];
  let bytes = 0;
  let readings = 0;
  let unsay: (() => void) | undefined;
  const later = parts.later ?? byTheMachine;
  const alert = createAlerts(parts);

  const flush = (): void => {
    unsay?.();
    unsay = undefined;
    const group = waiting;
    waiting = [];
    bytes = 0;
    readings = 0;
    if (group.length === 0) return;
    const began = parts.clock.now();
    const committed = attempt(() =>
      commitGroup(
        group.map(({ arrival }) => arrival),
        parts.stores,
      ),
    );
    parts.onCommit?.({ payloads: group.length, ms: parts.clock.now() - began, isStored: committed.ok });
    if (!committed.ok) {
      parts.onFault(committed.fault);
      for (const { done } of group) done(committed.fault);
      return;
    }
    for (const { done } of group) done();
    for (const { arrival } of group) lowerTrust(parts, arrival);
    for (const acknowledgement of committed.value) parts.onDurable(acknowledgement);
  };

  const take = (arrival: Arrival, done: (fault?: Fault) => void): void => {
    if (arrival.rejection !== undefined) alert(arrival.device.device, arrival.rejection);
    waiting.push({ arrival, done });
    bytes += arrival.payload.length;
    readings += readingsOf(arrival);
    const isFull = bytes >= GROUP_BYTES_MAX || readings >= GROUP_READINGS_MAX;
    if (waiting.length >= GROUP_PAYLOADS_MAX || isFull) flush();
    else unsay ??= later(GROUP_MS, flush);
  };

  return {
    flush,
    take,
    receive: (device, payload, done, isSigned) => {
      const arrival = judge({ device, payload, receivedAt: parts.clock.now() }, parts, isSigned);
      if (arrival instanceof Promise) void arrival.then((seen) => take(seen, done));
      else take(arrival, done);
    },
  };
}

const byTheMachine: Later = (ms, work) => {
  const timer = setTimeout(work, ms);
  return () => clearTimeout(timer);
};

/** The same, with signatures verified by other threads; a flush waits for none of them. */
export function aheadOf(gateway: Gateway): Gateway {
  const ahead = createVerifyAhead(gateway.receive);
  const flush = (): void => {
    ahead.settle();
    gateway.flush();
  };
  return { ...gateway, receive: ahead.receive, flush };
}

/** A frame of another kind counts as one. */
function readingsOf({ batch }: Arrival): number {
  let readings = 0;
  for (const frame of batch?.frames ?? []) readings += frame.kind === 'signals' ? frame.signals.length : 1;
  return readings;
}

/** The payload is durable, whatever becomes of this: a register that cannot be written is told, and the liar lies again. */
function lowerTrust({ trust, onFault }: GatewayParts, { device, payload, rejection }: Arrival): void {
  if (trust === undefined || rejection === undefined) return;
  const lowered = attempt(() => trust.note(device.number, rejection, payload));
  if (!lowered.ok) onFault(lowered.fault);
}

/** Passes on what is an alert, once a minute for each device and reason, so that a liar cannot fill the log. */
export function createAlerts(
  parts: Pick<GatewayParts, 'clock' | 'onAlert'>,
): (device: DeviceId, code: RejectionCode) => void {
  const raised = new Map<string, number>();
  return (device, code) => {
    if (!REJECTIONS[code].isAlert) return;
    const name = `${device} ${code}`;
    const now = parts.clock.now();
    const last = raised.get(name);
    // A clock that was set back must not silence a device until it has caught up.
    if (last !== undefined && Math.abs(now - last) < ALERT_EVERY_MS) return;
    if (raised.size >= ALERTS_REMEMBERED_MAX) raised.clear();
    raised.set(name, now);
    parts.onAlert(device, code);
  };
}

/** Only the commit: what is durable stays so, whatever goes wrong with telling it. */
function attempt<T>(commit: () => T): Result<T, Fault> {
  try {
    return ok(commit());
  } catch (cause) {
    return fail(storeFault(cause, GROUP));
  }
}

const GROUP: Unstored = {
  problem: bilingual('a group of frames could not be stored', '一组数据帧未能落盘'),
  meanwhile: bilingual('vehicles keep the frames and send them again', '车辆会保留并重新发送这些数据帧'),
};
