import { createPrivateKey, type KeyObject } from 'node:crypto';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, toIso } from '../../proto/words/time.ts';
import { signAct } from '../approvals/signed-act.ts';
import { jsonDigest } from '../transfer/digest.ts';
import type { AskCloud } from './transfer.command.ts';

const PREFIX = '/v1';

/** Keys that name who asks. */
const ASKERS = ['by', 'requestedBy'] as const;

/** Asks with what is said signed by whoever says it: the word of a person over the socket (docs/accounts.md). */
export function signedAsk(ask: AskCloud, key: KeyObject, clock: Clock): AskCloud {
  return (socket, method, path, body) => {
    const named = ASKERS.find((one) => body !== undefined && one in body);
    if (named === undefined) return ask(socket, method, path, body);
    // As the other side will read it: keys without a value are no keys.
    const { [named]: account = '', ...said } = JSON.parse(JSON.stringify(body)) as Readonly<Record<string, string>>;
    const act = `${method} ${path.slice(PREFIX.length)}`;
    const signed = signAct({ account, act, bodySha256: jsonDigest(said), at: toIso(clock.now()) }, key);
    return ask(socket, method, path, { ...said, [named]: account, signed });
  };
}

/** The key of a person, PKCS #8 in PEM. Fault: ACT_KEY_FILE for a file that is none, or is encrypted. */
export function readPersonKey(read: () => string): Result<KeyObject, Fault<'ACT_KEY_FILE'>> {
  try {
    const key = createPrivateKey(read());
    assert(key.asymmetricKeyType === 'ed25519', 'it is a key of another algorithm');
    return ok(key);
  } catch (cause) {
    const why = causeText(cause);
    return fail({
      code: 'ACT_KEY_FILE',
      problem: bilingual(`the key cannot be used: ${why}`, `无法使用该密钥：${why}`),
      remedy: bilingual(
        'give an Ed25519 key, PKCS #8 in PEM; one that is encrypted is opened by `--key <(openssl pkey -in FILE)`',
        '请提供 PKCS #8 PEM 格式的 Ed25519 密钥；加密的密钥用 `--key <(openssl pkey -in FILE)` 打开',
      ),
      retry: 'after-remedy',
    });
  }
}
