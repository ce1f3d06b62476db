import type { LogConsumer } from './ports/log-consumers.ts';

/** Somebody who reads topics of the record log, and whether they may do so from where they are. */
export interface JudgedConsumer extends LogConsumer {
  readonly isDomestic: boolean;
}

/** A topic that only a replicator makes: MirrorMaker 2 names its own so, and reads without a group. */
const REPLICATOR_TOPICS = [/^mm2-(offset-syncs|configs|offsets|status)\./, /\.checkpoints\.internal$/, /^heartbeats$/];

/**
 * Says of each consumer whether its address is in the mainland. An address that is not told, or that nobody can make sense of,
 * is foreign.
 *
 * @param isDomestic - by the ranges of the configuration
 */
export function judgeConsumers(
  consumers: readonly LogConsumer[],
  isDomestic: (address: string) => boolean,
): readonly JudgedConsumer[] {
  return consumers.map((consumer) => ({ ...consumer, isDomestic: isDomestic(consumer.host) }));
}

/** Names of topics that say that a replicator is at work on the cluster. */
export function replicatorTopics(topics: readonly string[]): readonly string[] {
  return topics.filter((topic) => REPLICATOR_TOPICS.some((pattern) => pattern.test(topic)));
}
