import { statSync } from 'node:fs';
import { dirname } from 'node:path';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import { bilingual, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import type { CloudConfig } from './config/config.ts';

/** Whether the directories of the sockets are there: without one the system says `EACCES`, which nobody understands. */
export function socketDirectories({ config, path }: LoadedConfig<CloudConfig>): Result<void, Fault> {
  const sockets = [config.api.socket, config.access?.socket].flatMap((socket) =>
    socket === undefined ? [] : path(socket),
  );
  const missing = sockets.map((socket) => dirname(socket)).find((directory) => !isDirectory(directory));
  return missing === undefined ? ok(undefined) : fail(socketDirectoryMissing(missing));
}

const isDirectory = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;

function socketDirectoryMissing(directory: string): Fault<'SOCKET_DIRECTORY'> {
  return {
    code: 'SOCKET_DIRECTORY',
    problem: bilingual(
      `the directory of a socket is missing: \`${directory}\``,
      `套接字所在目录不存在：\`${directory}\``,
    ),
    remedy: bilingual(
      'make it for the account of the cloud alone (`mkdir -m 700`), or name another in `api.socket` and `access.socket`; under /run it is gone after a restart of the machine (systemd: `RuntimeDirectory=`)',
      '请以云端账户创建该目录（`mkdir -m 700`），或在 `api.socket`、`access.socket` 中另行指定；/run 下的目录在重启后会消失（systemd 可用 `RuntimeDirectory=`）',
    ),
    retry: 'after-remedy',
  };
}
