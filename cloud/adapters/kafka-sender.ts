import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import type { RecordSender } from '../ports/record-log.ts';
import {
  asked,
  connected,
  disconnected,
  type KafkaError,
  type KafkaLibrary,
  type KafkaSettings,
  kafkaUnreachable,
} from './kafka-client.ts';

/** How long a record may be on its way before whoever sent it is told that it may not be there. */
const DELIVERY_MS_MAX = 30_000;
/** How long records wait for others to go with. */
const LINGER_MS = 3;
/** How often delivery reports are looked for. */
const REPORTS_EVERY_MS = 2;
/** What may be on its way at one time; more is refused, and stays with the vehicles. */
const IN_FLIGHT_MAX = 100_000;
const IN_FLIGHT_KBYTES_MAX = 262_144;

/** Settings that every producer has: nothing is written twice by a retry, and every in-sync replica has what was delivered. */
export const PRODUCER_SETTINGS: KafkaSettings = {
  'enable.idempotence': true,
  acks: 'all',
  'linger.ms': LINGER_MS,
  'queue.buffering.max.messages': IN_FLIGHT_MAX,
  'queue.buffering.max.kbytes': IN_FLIGHT_KBYTES_MAX,
  'message.timeout.ms': DELIVERY_MS_MAX,
  // What Kafka's own clients do, so that any of them finds the partition of a vehicle.
  partitioner: 'murmur2_random',
  dr_cb: true,
};

export async function kafkaSender(
  library: KafkaLibrary,
  settings: KafkaSettings,
  onFault: (fault: Fault) => void,
): Promise<Result<RecordSender, Fault>> {
  const producer = new library.Producer({ ...settings, ...PRODUCER_SETTINGS }, {});
  producer.on('event.error', (error) => onFault(kafkaUnreachable(error)));
  producer.on('delivery-report', (error, { opaque }) => {
    if (typeof opaque === 'function') opaque(error === null ? undefined : notDelivered(error));
  });
  try {
    await connected(producer);
  } catch (cause) {
    return fail(kafkaUnreachable(cause));
  }
  producer.setPollInterval(REPORTS_EVERY_MS);
  return ok({
    send: ({ topic, partition = null, key, value }, delivered) => {
      try {
        producer.produce(topic, partition, bufferOf(value), key, undefined, delivered);
      } catch (cause) {
        delivered(notDelivered(cause as KafkaError));
      }
    },
    close: async () => {
      await asked((done) => producer.flush(DELIVERY_MS_MAX, done)).catch(() => undefined);
      await disconnected(producer);
    },
  });
}

/** The same bytes, in the form the library takes. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function notDelivered(cause: KafkaError): Fault<'RECORD_NOT_DELIVERED'> {
  const text = causeText(cause);
  return {
    code: 'RECORD_NOT_DELIVERED',
    problem: bilingual(`a record was not taken by the record log: ${text}`, `记录日志（Kafka）未接收一条记录：${text}`),
    remedy: bilingual(
      'look after the brokers and their in-sync replicas; the vehicle was told nothing and sends it again',
      '请检查各代理及其同步副本；车辆未获确认，会重新发送',
    ),
    retry: 'later',
  };
}
