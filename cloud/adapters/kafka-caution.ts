import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import type { LogRecord } from '../ports/record-log.ts';
import { KAFKA_CODE, type KafkaError } from './kafka-client.ts';
import { RECORDS_AT_ONCE } from './kafka-reader.ts';

/** What a member remembers, from one session to the next, of what brokers refused as too large. */
export interface Caution {
  /** Records that the next transaction may have. */
  readonly recordsMax: () => number;
  /** What comes of this record was refused when it was a transaction of its own. */
  readonly isUnfit: (record: LogRecord) => boolean;
  readonly committed: () => void;
  readonly failed: (records: readonly LogRecord[], cause: unknown) => void;
  /** Before the next session. */
  readonly waitMs: () => number;
}

/** How long a member that lost its connection or its place waits before it joins again. */
const REJOIN_MS = 500;
/** How long it waits where brokers do not even take the record that says what they refused: somebody has to raise their limit. */
const UNTAKEN_MS = 60_000;

/**
 * A transaction that brokers refuse as too large would be refused again for ever. The next one has half of its records, and
 * those in halves again; a record that is refused by itself is unfit.
 */
export function createCaution(): Caution {
  let recordsMax = RECORDS_AT_ONCE;
  let waitMs = REJOIN_MS;
  let unfit: string | undefined;
  return {
    recordsMax: () => recordsMax,
    isUnfit: (record) => placeOf(record) === unfit,
    waitMs: () => waitMs,
    committed: () => {
      recordsMax = Math.min(RECORDS_AT_ONCE, recordsMax * 2);
      waitMs = REJOIN_MS;
      unfit = undefined;
    },
    failed: (records, cause) => {
      const [only, ...more] = records;
      if (!mayBeTooLarge(cause) || only === undefined) return;
      recordsMax = Math.ceil(Math.min(recordsMax, records.length) / 2);
      if (more.length > 0 || !isTooLarge(cause)) return;
      if (placeOf(only) === unfit) waitMs = UNTAKEN_MS;
      unfit = placeOf(only);
    },
  };
}

const placeOf = ({ topic, partition, offset }: LogRecord): string => `${topic}/${partition}/${offset}`;

/** Brokers that refuse a record while others are still being sent spoil the transaction, and what comes next says only that. */
function mayBeTooLarge(cause: unknown): boolean {
  return isTooLarge(cause) || (cause as Partial<KafkaError> | null)?.code === KAFKA_CODE.wrongState;
}

export function isTooLarge(cause: unknown): boolean {
  return (cause as Partial<KafkaError> | null)?.code === KAFKA_CODE.tooLarge;
}

export function recordTooLarge(cause: unknown): Fault<'RECORD_TOO_LARGE'> {
  const text = causeText(cause);
  return {
    code: 'RECORD_TOO_LARGE',
    problem: bilingual(
      `a topic of the record log does not take a record that large: ${text}`,
      `记录日志（Kafka）的某个主题不接收如此大的记录：${text}`,
    ),
    remedy: bilingual(
      'let every topic of `recordLog` take 1,048,588 bytes (`max.message.bytes`, and `message.max.bytes` of the brokers); a payload of which no smaller records can be made goes to quarantine',
      '请将 `recordLog` 的每个主题的 `max.message.bytes`（及代理的 `message.max.bytes`）设为 1,048,588 字节；无法拆成更小记录的报文进入隔离区',
    ),
    retry: 'after-remedy',
  };
}
