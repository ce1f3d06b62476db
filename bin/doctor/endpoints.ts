import { isIP } from 'node:net';
import { addressList } from '../../cloud/access/cidr.ts';
import { bilingual } from '../../proto/words/fault.ts';
import { type Finding, good, ill } from './finding.ts';
import type { Endpoint } from './subjects.ts';

/** On this machine or in a network of its own (RFC 1918, 4193, 3927, 4291). */
const NEAR = addressList([
  ...['127.0.0.0/8', '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '169.254.0.0/16'],
  ...['::1/128', 'fc00::/7', 'fe80::/10'],
]);

/**
 * Whether what is sent past the gate stays in the mainland: metrics, alerts, witnesses, identity, platforms, the uplink. A name is looked up
 * only where a resolver is given, and what is not known to be at home is never called good.
 *
 * @param mainland - blocks of `access.mainland`
 * @param resolve - addresses of a name; undefined where nobody may be asked
 */
export async function checkEndpoint(
  { key, host }: Endpoint,
  mainland: readonly string[],
  resolve: ((name: string) => Promise<readonly string[]>) | undefined,
): Promise<Finding> {
  const about = `${key} ${host}`;
  const known = isIP(host) !== 0 ? [host] : host === 'localhost' ? ['127.0.0.1'] : await addressesOf(host, resolve);
  if (known.length === 0) return ill('unknown', 'foreign-endpoint', about, NOT_LOOKED_UP, LOOK_UP);
  const home = addressList(mainland);
  const abroad = known.filter((address) => !NEAR.has(address) && !home.has(address));
  if (abroad.length === 0)
    return good('foreign-endpoint', about, bilingual('in the mainland, as configured', '按配置位于境内'));
  const says = bilingual(
    `${abroad.join(', ')}: in no block of \`access.mainland\``,
    `${abroad.join(', ')}：不在 \`access.mainland\` 范围内`,
  );
  return ill('bad', 'foreign-endpoint', about, says, STAY_HOME);
}

async function addressesOf(
  name: string,
  resolve: ((name: string) => Promise<readonly string[]>) | undefined,
): Promise<readonly string[]> {
  try {
    return (await resolve?.(name)) ?? [];
  } catch {
    return [];
  }
}

const NOT_LOOKED_UP = bilingual('a name; where it leads was not looked up, or nobody answered', '域名未解析，去向未知');
const LOOK_UP = bilingual(
  'run it again with `--resolve`, or configure the address',
  '请加 `--resolve` 重新运行，或直接配置地址',
);
const STAY_HOME = bilingual(
  'name an endpoint in the mainland; what lies abroad gets data through the gate alone',
  '请使用境内端点；境外只能经出境网关接收数据',
);
