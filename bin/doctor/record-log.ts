import type { CloudConfig } from '../../cloud/config/config.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { type Finding, good, ill } from './finding.ts';

const REVOKE = bilingual(
  'take its rights on the topics away, or list its network in `recordLog.domesticRanges` once it is known to be at home',
  '请撤销其主题权限；确认其位于境内后，再将其网络列入 `recordLog.domesticRanges`',
);

/** Who reads the topics of a record log over Kafka: whoever does from abroad has what is in them, past every gate. */
export async function checkRecordLog(loaded: LoadedConfig<CloudConfig>): Promise<readonly Finding[]> {
  if (loaded.config.recordLog.kind === 'sqlite') return [];
  const { listConsumers } = await import('../../cloud/list-consumers.ts');
  const listed = await listConsumers(loaded);
  if (!listed.ok) return [ill('unknown', 'record-log', 'recordLog', listed.fault.problem, listed.fault.remedy)];
  const { consumers, replicators } = listed.value;
  return [
    ...consumers.map(({ group, client, host, isDomestic }) => {
      const who = `${group} ${client} ${host}`;
      return isDomestic
        ? good('record-log', who, bilingual('reads from the mainland, as configured', '按配置从境内读取'))
        : ill(
            'bad',
            'record-log',
            who,
            bilingual('reads from no network of the mainland', '读取者不在境内网络'),
            REVOKE,
          );
    }),
    ...replicators.map((topic) =>
      ill('bad', 'record-log', topic, bilingual('a topic that a replicator makes', '复制工具生成的主题'), REVOKE),
    ),
  ];
}
