import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { addressList } from './access/cidr.ts';
import { type AdminConnection, listKafkaConsumers, listKafkaTopics, notListed } from './adapters/kafka-admin.ts';
import type { CloudConfig } from './config/config.ts';
import type { ClusterConfig } from './config/record-log-config.ts';
import { type JudgedConsumer, judgeConsumers, replicatorTopics } from './consumers.ts';

export interface ConsumersOfLog {
  readonly consumers: readonly JudgedConsumer[];
  /** Topics that only a replicator makes. */
  readonly replicators: readonly string[];
}

/**
 * Who reads the topics of the record log, on all of its clusters; for `tongguan doctor`. Nobody where there is none. A reader
 * without a group, as replicators are, is seen by the topics it makes only.
 */
export async function listConsumers({
  config,
  path,
}: LoadedConfig<Pick<CloudConfig, 'recordLog'>>): Promise<Result<ConsumersOfLog, Fault>> {
  const { recordLog } = config;
  if (recordLog.kind === 'sqlite') return ok({ consumers: [], replicators: [] });
  const domestic = addressList(recordLog.domesticRanges);
  const consumers: JudgedConsumer[] = [];
  const replicators: string[] = [];
  for (const cluster of [recordLog, ...Object.values(recordLog.zones)]) {
    if (cluster === undefined) continue;
    const connection = connectionTo(cluster, path);
    if (!connection.ok) return connection;
    const [members, topics] = [await listKafkaConsumers(connection.value), await listKafkaTopics(connection.value)];
    if (!members.ok) return members;
    if (!topics.ok) return topics;
    consumers.push(...judgeConsumers(members.value, domestic.has));
    replicators.push(...replicatorTopics(topics.value));
  }
  return ok({ consumers, replicators });
}

/** @throws the system's error when a certificate cannot be read */
function connectionTo(
  { brokers, security }: ClusterConfig,
  path: (relative: string) => string,
): Result<AdminConnection, Fault> {
  if (security.kind === 'insecure-plaintext') return ok({ brokers });
  if (security.kind === 'sasl-tls') return fail(notListed('clients that log in with SASL cannot ask yet'));
  const { caFile, certificateFile, keyFile } = security;
  const tls = {
    ca: readFileSync(path(caFile)),
    ...(certificateFile !== undefined && { cert: readFileSync(path(certificateFile)) }),
    ...(keyFile !== undefined && { key: readFileSync(path(keyFile)) }),
  };
  return ok({ brokers, tls });
}
