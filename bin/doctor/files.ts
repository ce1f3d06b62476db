import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { bilingual, causeText } from '../../proto/words/fault.ts';
import { DAY_MS, type Instant } from '../../proto/words/time.ts';
import { type Check, type Finding, good, ill } from './finding.ts';
import type { CertificateFile, KeyFile } from './subjects.ts';

const EXPIRES_SOON_MS = 30 * DAY_MS;
/** Anybody but the owner. */
const OTHERS = 0o077;
const GROUP_READS = 0o040;

/** A file with a secret may be read by its owner, and by its group at most. */
export function checkSecret({ key, file }: KeyFile): Finding {
  try {
    const { mode } = statSync(file);
    const rights = (mode & 0o777).toString(8).padStart(3, '0');
    const says = bilingual(`rights ${rights}`, `权限 ${rights}`);
    if ((mode & OTHERS & ~GROUP_READS) === 0) return good('key-permissions', key, says);
    return ill(
      'bad',
      'key-permissions',
      key,
      says,
      bilingual(`run \`chmod 600 ${file}\``, `请运行 \`chmod 600 ${file}\``),
    );
  } catch (cause) {
    return unreadable('key-permissions', key, cause);
  }
}

/** Expiry, key, chain and use of one certificate. */
export function checkCertificate(named: CertificateFile, now: Instant): readonly Finding[] {
  try {
    const certificate = new X509Certificate(readFileSync(named.file));
    return [
      expiry(named.key, certificate, now),
      ...pair(named, certificate),
      ...chain(named, certificate),
      ...use(named, certificate),
    ];
  } catch (cause) {
    return [unreadable('certificate-expiry', named.key, cause)];
  }
}

function expiry(key: string, certificate: X509Certificate, now: Instant): Finding {
  const [from, until] = [Date.parse(certificate.validFrom), Date.parse(certificate.validTo)];
  const days = Math.floor((until - now) / DAY_MS);
  const renew = bilingual('have it renewed, and put the new one in its place', '请更换证书');
  if (now < from)
    return ill(
      'bad',
      'certificate-expiry',
      key,
      bilingual('not valid yet: is the clock right?', '证书尚未生效，请检查时钟'),
      renew,
    );
  if (now >= until)
    return ill(
      'bad',
      'certificate-expiry',
      key,
      bilingual(`expired ${-days - 1} days ago`, `已过期 ${-days - 1} 天`),
      renew,
    );
  const says = bilingual(`${days} days left`, `剩余 ${days} 天`);
  return until - now < EXPIRES_SOON_MS
    ? ill('warning', 'certificate-expiry', key, says, renew)
    : good('certificate-expiry', key, says);
}

function pair({ key, keyFile }: CertificateFile, certificate: X509Certificate): readonly Finding[] {
  if (keyFile === undefined) return [];
  try {
    const belongs = certificate.checkPrivateKey(createPrivateKey(readFileSync(keyFile)));
    if (belongs) return [good('key-pair', key, bilingual('belongs to its key', '与私钥匹配'))];
    const says = bilingual('the key is of another certificate', '私钥与证书不匹配');
    return [
      ill(
        'bad',
        'key-pair',
        key,
        says,
        bilingual('name the key that the certificate was issued for', '请指定与证书对应的私钥'),
      ),
    ];
  } catch (cause) {
    return [unreadable('key-pair', key, cause)];
  }
}

function chain({ key, authorityFile }: CertificateFile, certificate: X509Certificate): readonly Finding[] {
  if (authorityFile === undefined) return [];
  const authority = new X509Certificate(readFileSync(authorityFile));
  if (certificate.checkIssued(authority) && certificate.verify(authority.publicKey))
    return [good('certificate-chain', key, bilingual('signed by its authority', '由其签发机构签名'))];
  const says = bilingual('not signed by the authority that is named', '并非由所配置的机构签发');
  return [
    ill(
      'bad',
      'certificate-chain',
      key,
      says,
      bilingual('name the authority that issued it', '请指定实际的签发机构证书'),
    ),
  ];
}

/** Extended key usages of RFC 5280; a certificate without any may be used for all. */
const USES = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const;

const USE_WORDS = {
  server: bilingual('a server', '服务器'),
  client: bilingual('a client', '客户端'),
  authority: bilingual('an authority', '签发机构'),
} as const;

function use({ key, use: wanted }: CertificateFile, certificate: X509Certificate): readonly Finding[] {
  if (wanted === 'any') return [];
  const usages = (certificate.keyUsage as readonly string[] | undefined) ?? [];
  const isFit = wanted === 'authority' ? certificate.ca : usages.length === 0 || usages.includes(USES[wanted]);
  if (isFit)
    return [
      good(
        'certificate-use',
        key,
        bilingual(`issued for ${USE_WORDS[wanted].en}`, `用途正确（${USE_WORDS[wanted].zh}）`),
      ),
    ];
  const says = bilingual(`not issued for ${USE_WORDS[wanted].en}`, `证书用途不符（应为${USE_WORDS[wanted].zh}）`);
  return [ill('bad', 'certificate-use', key, says, bilingual('have one issued for that use', '请签发对应用途的证书'))];
}

export function unreadable(check: Check, about: string, cause: unknown): Finding {
  const says = bilingual(`cannot be read: ${causeText(cause)}`, `无法读取：${causeText(cause)}`);
  return ill(
    'bad',
    check,
    about,
    says,
    bilingual('correct the path, or the rights of who runs it', '请更正路径，或运行账号的权限'),
  );
}
