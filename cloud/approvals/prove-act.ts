import { bilingual, type Fault, type Retry } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, type Instant, parseInstant } from '../../proto/words/time.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import { jsonDigest } from '../transfer/digest.ts';
import type { Matrix } from './four-eyes.ts';
import { type ActProof, isSignedBy, type SignedAct } from './signed-act.ts';

/** How far the clock of whoever signs may be from ours; a signature is remembered as long, so that it is good once. */
const APART_MS = 5 * 60_000;

/** Acts of persons within that time; beyond them nobody's word is taken until some are old. */
export const REMEMBERED_MAX = 10_000;

/** Confirming the profile, by which persons get keys in the first place. */
const PROFILE = /^POST \/registers\/processor\/[^/]+\/confirmation$/;

export interface ActProofParts {
  /** Rows of every profile that stands. */
  readonly matrix: () => Matrix;
  /** Whether there is an account at the console: then keys come into a matrix from there. */
  readonly hasAccounts: () => boolean;
  readonly clock: Clock;
  readonly operations: AppendOnly;
  readonly alert: (document: Readonly<Record<string, unknown>>) => void;
  /** Of `REMEMBERED_MAX`, which it is without. */
  readonly rememberedMax?: number;
}

/** Whether somebody is who they say, shown for one act. In the log either way. */
export type ProveAct = (act: Act, proof: ActProof | undefined) => Result<void, Fault>;

export interface Act extends Pick<SignedAct, 'account' | 'act'> {
  /** What is said with it, without who says it. */
  readonly body: object;
  /** `with-keys`: it may go without a signature as long as no row of the matrix has a key, and there is no account. */
  readonly isSigned: true | 'with-keys';
}

/**
 * Takes the word of a person over the socket, where everybody who can open it is the same account of the system: the act is signed
 * with the key that the authority matrix has for the account. That key is changed by two persons, as all of the matrix is.
 *
 * While no row has a key and there is no account, nobody can act but to confirm a profile, which is how keys come into a matrix of
 * before.
 */
export function createActProof(parts: ActProofParts): ProveAct {
  const { matrix, hasAccounts, clock, operations, alert, rememberedMax = REMEMBERED_MAX } = parts;
  const used = new Map<string, Instant>();
  const startedAt = clock.now();
  const hasKeys = () => (matrix() ?? []).some(({ key }) => key !== undefined);

  function weigh({ account, ...of }: Omit<SignedAct, 'at'>, proof: ActProof | undefined): Result<string | null, Fault> {
    const rows = matrix() ?? [];
    const isBefore = !hasKeys() && !hasAccounts();
    if (isBefore && proof === undefined && PROFILE.test(of.act)) return ok(null);
    const [row, another] = rows.filter((one) => one.account === account);
    if (row === undefined || another !== undefined) return fail(actFault('ACT_ACCOUNT'));
    if (row.key === undefined) return fail(actFault('ACT_KEYLESS'));
    if (proof === undefined) return fail(actFault('ACT_UNSIGNED'));
    const { at, signature } = proof;
    if (!isSignedBy({ account, ...of, at }, signature, row.key)) return fail(actFault('ACT_SIGNATURE'));
    const [now, signedAt] = [clock.now(), parseInstant(at)];
    if (!signedAt.ok || Math.abs(now - signedAt.value) > APART_MS) return fail(actFault('ACT_STALE'));
    // What was used before this process began is not remembered: nothing signed before counts, so that nothing counts twice.
    if (signedAt.value < startedAt) return fail(actFault('ACT_STALE'));
    for (const [old, until] of used) if (until < now) used.delete(old);
    // By what was signed, since one signature can be spelt in several ways.
    const name = `${account} ${at} ${of.act}`;
    if (used.has(name) || used.size >= rememberedMax) return fail(actFault('ACT_STALE'));
    used.set(name, (now + 2 * APART_MS) as Instant);
    return ok(row.key);
  }

  return ({ account, act, body, isSigned }, proof) => {
    if (isSigned === 'with-keys' && proof === undefined && !hasKeys() && !hasAccounts()) return ok(undefined);
    const of = { act, bodySha256: jsonDigest(body) };
    const weighed = weigh({ account, ...of }, proof);
    const document = weighed.ok ? { ...of, ...proof, key: weighed.value } : { act, code: weighed.fault.code };
    if (!weighed.ok) alert({ code: 'APPROVAL_REFUSED', because: weighed.fault.code, act, by: account });
    const kind = weighed.ok ? 'act-signed' : 'act-refused';
    const logged = operations.append([{ kind, transferId: '', actor: account, document }]);
    if (!logged.ok) return logged;
    return weighed.ok ? ok(undefined) : weighed;
  };
}

// biome-ignore format: one fault a line
const ROWS = {
  ACT_ACCOUNT: ['the authority matrix does not name this account, or names it twice', '权限矩阵中没有该账号，或该账号重复出现', 'correct the profile of the data processor', '请更正数据处理者档案', 'after-remedy'],
  ACT_KEYLESS: ['the authority matrix has no key for this account, so nobody can tell over the socket whose word it is', '权限矩阵中该账号没有密钥，无法经套接字确认其本人', 'do it at the console, or enter `key` beside the account (docs/accounts.md)', '请在控制台操作，或在该账号旁登记 `key`（docs/accounts.md）', 'after-remedy'],
  ACT_UNSIGNED: ['this is the word of one person, and it is not signed', '该操作须由本人签名', 'give the file of your key: `--key FILE`', '请用 `--key FILE` 指定本人密钥文件', 'after-remedy'],
  ACT_SIGNATURE: ['the signature is not that of the key which the authority matrix has for the account', '签名与权限矩阵中该账号的密钥不符', 'sign with the key of the account', '请使用该账号的密钥签名', 'after-remedy'],
  ACT_STALE: ['the signature is too old or too new, or was used', '签名已过期、早于当前时间或已被使用', 'check the clocks, and sign again', '请检查时钟后重新签名', 'now'],
} as const satisfies Readonly<Record<string, readonly [en: string, zh: string, remedyEn: string, remedyZh: string, retry: Retry]>>;

export type ActFault = Fault<keyof typeof ROWS>;

/** Where nothing is there that signatures could be held against. */
export const actUnprovable = (): Result<never, Fault> => fail(actFault('ACT_KEYLESS'));

function actFault(code: keyof typeof ROWS): ActFault {
  const [en, zh, remedyEn, remedyZh, retry] = ROWS[code];
  return { code, problem: bilingual(en, zh), remedy: bilingual(remedyEn, remedyZh), retry };
}
