import { createPublicKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CloudConfig } from '../../cloud/config/config.ts';
import type { ExporterConfig } from '../../cloud/exporter/config.ts';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { unreadable } from './files.ts';
import { type Finding, good, ill } from './finding.ts';

/** What cloud and exporter have to agree on: each was written by hand, and a permit for one letter more is refused. */
export function checkBorderPair(
  cloud: LoadedConfig<CloudConfig>,
  exporter: LoadedConfig<ExporterConfig>,
): readonly Finding[] {
  const { config } = cloud;
  return [
    agree('permit', () => {
      const own = spkiOf(cloud.path(config.border.permitKeyFile));
      return own === spkiOf(exporter.path(exporter.config.permit.publicKeyFile));
    }),
    agree('border', () => {
      const at = cloud.path(config.border.directory);
      const { outbox, returns } = exporter.config.border;
      return exporter.path(outbox) === join(at, 'outbox') && exporter.path(returns) === join(at, 'returns');
    }),
    ...(config.recipients.length === 0 ? [NOBODY] : []),
    ...config.recipients.map((recipient) => {
      const own = exporter.config.recipients.find(({ id }) => id === recipient.id);
      return agree(`recipients.${recipient.id}`, () => {
        if (own === undefined || own.endpoint !== recipient.endpoint) return false;
        const certificate = new X509Certificate(readFileSync(cloud.path(recipient.certificateFile)));
        return certificate.fingerprint256.replaceAll(':', '').toLowerCase() === own.certificateSha256;
      });
    }),
  ];
}

const NOBODY: Finding = good('no-recipient', '', bilingual('nobody abroad is configured', '未配置境外接收方'));

const spkiOf = (file: string): string =>
  createPublicKey(readFileSync(file)).export({ type: 'spki', format: 'der' }).toString('hex');

function agree(about: string, holds: () => boolean): Finding {
  try {
    if (holds()) return good('border-pair', about, bilingual('cloud and exporter agree', '云端与出境进程一致'));
    const says = bilingual('cloud and exporter differ', '云端与出境进程的配置不一致');
    return ill('bad', 'border-pair', about, says, DIFFER);
  } catch (cause) {
    return unreadable('border-pair', about, cause);
  }
}

const DIFFER = bilingual(
  'name the same key, directories, endpoint and certificate in both; what differs is refused at the border',
  '请在两份配置中使用相同的密钥、目录、地址与证书；不一致者在出境处被拒绝',
);
