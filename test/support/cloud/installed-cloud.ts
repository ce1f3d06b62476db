import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { cloudYaml } from '../../../bin/up/configs.ts';
import { type Layout, layoutOf } from '../../../bin/up/layout.ts';
import { askCloud } from '../../../bin/up/request.ts';
import { type AskToRead, askToRead } from '../../../cloud/ask-to-read.ts';
import { beginLog } from '../../../cloud/composition/open-logs.ts';
import { readLeaves } from '../../../cloud/log/read-leaves.ts';
import type { Reading } from '../../../cloud/registers/kinds/principals.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { scratchDirectory } from './stores.ts';

/** A cloud as `up` leaves it when it is stopped: configuration and begun logs, with nobody at its socket. */
export interface InstalledCloud {
  readonly layout: Layout;
  readonly config: string;
  /** What a command of this name is given, run by this account from here. */
  readonly access: (reading: Reading, reader?: Reader) => AskToRead;
  /** Entries of one of its logs, with their documents. */
  readonly entries: (log: 'operations' | 'alerts') => readonly {
    readonly kind: string;
    readonly actor: string;
    readonly document: Readonly<Record<string, unknown>>;
  }[];
}

export interface Reader {
  readonly uid?: number | undefined;
  readonly remote?: string;
  readonly command?: string;
  readonly lateMs?: number;
}

/** @param change - of cloud.yaml, section by section; merged one level deep, lists replaced */
export function installedCloud(
  now: Instant,
  change: Readonly<Record<string, object>> = {},
  directory = scratchDirectory(),
): InstalledCloud {
  const layout = layoutOf(directory);
  const config = layout.config('cloud.yaml');
  for (const directory of [join(config, '..'), layout.cloud('stores'), layout.sockets])
    mkdirSync(directory, { recursive: true });
  const shipped = parse(cloudYaml(layout, 1, now)) as Record<string, object>;
  for (const [section, keys] of Object.entries(change)) {
    shipped[section] = Array.isArray(keys) ? keys : { ...shipped[section], ...keys };
  }
  writeFileSync(config, stringify(shipped));
  const { privateKey: signingKey } = generateKeyPairSync('ed25519');
  writeFileSync(layout.cloud('log.key'), signingKey.export({ type: 'pkcs8', format: 'pem' }));
  const clock = { now: () => now };
  for (const name of ['operations', 'alerts']) {
    const directory = join(layout.cloud('log'), name);
    const begun = beginLog({ directory, origin: `tongguan.example/${name}`, signingKey, clock });
    if (begun.ok) begun.value.close();
  }
  return {
    layout,
    config,
    access: (reading, { command = 'report', lateMs = 10_000, ...reader } = {}) =>
      askToRead({
        uid: 'uid' in reader ? reader.uid : process.getuid?.(),
        remote: reader.remote,
        clock,
        command,
        reading,
        ask: (socket, method, path, body) => askCloud(socket, method, path, body, lateMs),
      }),
    entries: (log) => {
      const directory = join(layout.cloud('log'), log);
      const size = Number(readFileSync(join(directory, 'checkpoint'), 'utf8').split('\n')[1]);
      return [...readLeaves(directory, size)].map(({ leaf: { kind, actor, document } }) => ({
        kind,
        actor,
        document: JSON.parse(Buffer.from(document).toString('utf8')) as Record<string, unknown>,
      }));
    },
  };
}
