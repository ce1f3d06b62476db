import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { createLog } from '../log/open-log.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface LogBeginArgs {
  readonly directory: string;
  readonly origin: string;
  /** PEM of the Ed25519 private key that signs the log's tree heads. */
  readonly keyFile: string;
  readonly json?: boolean;
}

/**
 * `tongguan log begin --directory DIR --origin NAME --key FILE [--json]`: begins an empty log, once. Every process that logs opens
 * a log that is there, so that a path mistyped is a fault and not an empty log.
 *
 * @returns 0 begun, 1 a fault (there is a log already, the disk), 2 the key cannot be used
 */
export function logBeginCommand(args: LogBeginArgs, io: Pick<RoleSurroundings, 'clock' | 'out' | 'err'>): ExitStatus {
  const { directory, origin, keyFile } = args;
  try {
    const signingKey = createPrivateKey(readFileSync(keyFile));
    const begun = createLog({ directory, origin, signingKey, clock: io.clock });
    if (!begun.ok) {
      io.err(renderFault('log', begun.fault));
      return EXIT.fault;
    }
    begun.value.close();
    io.out(args.json === true ? JSON.stringify({ directory, origin }) : `${directory}: begun as ${origin}`);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('log', keyUnusable(causeText(cause))));
    return EXIT.usage;
  }
}

function keyUnusable(cause: string): Fault<'LOG_KEY'> {
  return {
    code: 'LOG_KEY',
    problem: bilingual(
      `the log cannot be begun with this key and name: ${cause}`,
      `无法使用该密钥和名称创建日志：${cause}`,
    ),
    remedy: bilingual(
      'make a key with `openssl genpkey -algorithm ed25519`, and name the log without spaces or plus signs',
      '请用 `openssl genpkey -algorithm ed25519` 生成密钥，日志名称不得含空格或加号',
    ),
    retry: 'after-remedy',
  };
}
