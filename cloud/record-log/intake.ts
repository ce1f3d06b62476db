import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Clock } from '../../proto/words/time.ts';
import { PAYLOAD_BYTES_MAX } from '../../proto/words/topics.ts';
import { admit, type Claim, claimOf } from '../ingest/admit.ts';
import type { GroupAcknowledgement } from '../ingest/sort-out.ts';
import type { Receive } from '../ingest/verify-ahead.ts';
import type { RegisteredDevice } from '../ports/device-register.ts';
import type { RecordSender } from '../ports/record-log.ts';
import { encodeRaw } from './raw-record.ts';
import type { TransitSealer } from './transit.ts';

export interface IntakeParts {
  readonly topic: string;
  readonly sender: Pick<RecordSender, 'send'>;
  readonly sealer: TransitSealer;
  readonly clock: Clock;
  readonly onDurable: (acknowledgement: GroupAcknowledgement) => void;
  readonly onFault: (fault: Fault) => void;
}

/** Payloads that may wait for the record log at one time; more are refused, and stay with the vehicles. */
export const IN_FLIGHT_MAX = 20_000;
export const IN_FLIGHT_BYTES_MAX = 134_217_728;

/**
 * Takes payloads of vehicles to the record log, keyed by vehicle. A payload is acknowledged once every in-sync replica has it;
 * what is wrong with its content is found out by who classifies, and only a bad signature is told at once.
 */
export function createIntake({ topic, sender, sealer, clock, onDurable, onFault }: IntakeParts): Receive {
  let inFlight = 0;
  let bytes = 0;
  return (device, payload, done, isSigned) => {
    if (inFlight >= IN_FLIGHT_MAX || bytes + payload.length > IN_FLIGHT_BYTES_MAX) return done(pushback());
    const told = tellOf(device, payload, isSigned);
    const record = {
      device: device.device,
      deviceNumber: device.number,
      receivedAt: clock.now(),
      payload: kept(payload),
    };
    inFlight += 1;
    bytes += payload.length;
    sender.send({ topic, key: String(device.number), value: sealer.seal(encodeRaw(record)) }, (fault) => {
      inFlight -= 1;
      bytes -= payload.length;
      if (fault !== undefined) onFault(fault);
      done(fault);
      if (fault === undefined && told !== undefined) onDurable(told);
    });
  };
}

/**
 * A broker of somebody else's may bring more than any topic takes, and would bring it for ever. Of a payload that is refused
 * for its size quarantine gets the beginning, which is refused for the same reason.
 */
function kept(payload: Uint8Array): Uint8Array {
  return payload.length > PAYLOAD_BYTES_MAX ? payload.subarray(0, PAYLOAD_BYTES_MAX + 1) : payload;
}

/** What the vehicle may be told of a payload, unless nothing in it can be believed to be a range. */
function tellOf(device: RegisteredDevice, payload: Uint8Array, isSigned?: boolean): GroupAcknowledgement | undefined {
  const admitted = admit(payload, device, isSigned);
  const claim = admitted.ok ? rangeOf(admitted.value) : admitted.fault === 'SIGNATURE_INVALID' && claimOf(payload);
  if (!claim) return undefined;
  const { epoch, firstSequence, count } = claim;
  return { device, epoch, ranges: [{ firstSequence, count, quarantined: !admitted.ok }] };
}

const rangeOf = ({
  epoch,
  firstSequence,
  frames,
}: {
  readonly epoch: number;
  readonly firstSequence: number;
  readonly frames: readonly unknown[];
}): Claim => ({ epoch, firstSequence, count: frames.length });

function pushback(): Fault<'RECORD_LOG_BUSY'> {
  return {
    code: 'RECORD_LOG_BUSY',
    problem: bilingual('too much waits for the record log already', '等待写入记录日志的数据已达上限'),
    remedy: bilingual(
      'nothing: vehicles keep what was not acknowledged and send it again; add brokers or partitions if it lasts',
      '无需操作：车辆会保留未确认的数据并重新发送；若持续出现，请增加代理或分区',
    ),
    retry: 'later',
  };
}
