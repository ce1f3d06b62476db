import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../proto/config/make-directory.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { assert } from '../../proto/words/result.ts';
import { COSIGNATURE, isKeyName, NOTE_SIGNATURE, parseVerifierKey, verifierKey } from '../log/signed-note.ts';
import { createWitness, type WitnessAnswer } from '../log/witness.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface LogWitnessArgs {
  /** Holds what was cosigned last; must have been made by `initialise`. */
  readonly directory: string;
  readonly initialise: boolean;
  readonly name: string;
  /** PEM of an Ed25519 private key that signs nothing else. */
  readonly keyFile: string;
  /** Verifier keys of the logs, or files of them. */
  readonly logs: readonly string[];
  readonly host: string;
  readonly port: number;
  readonly certificateFile: string;
  readonly tlsKeyFile: string;
  readonly json: boolean;
}

export interface LogWitnessIo extends Pick<RoleSurroundings, 'clock' | 'out' | 'err' | 'stopRequested'> {
  readonly serve: (options: {
    readonly host: string;
    readonly port: number;
    readonly certificate: string;
    readonly key: string;
    readonly add: (body: Uint8Array) => WitnessAnswer;
    readonly say: (line: string) => void;
  }) => Promise<{ readonly port: number; readonly close: () => void }>;
}

/** A directory without it is not that of a witness: a mistyped path must not look like one that never cosigned. */
const MARK = 'witness.vkey';

/**
 * `tongguan log witness --directory DIR --name NAME --key FILE --log VKEY... --certificate FILE --tls-key FILE [--listen HOST:PORT]`:
 * acts as a witness of logs (C2SP tlog-witness) until it is stopped. It belongs on a machine of somebody else.
 *
 * @returns 0 stopped, 1 the address cannot be listened on, 2 usage, keys or directory
 */
export async function logWitnessCommand(args: LogWitnessArgs, io: LogWitnessIo): Promise<ExitStatus> {
  const refuse = (fault: Fault, status: ExitStatus = EXIT.usage): ExitStatus => {
    io.err(renderFault('log', fault));
    return status;
  };
  try {
    const signingKey = createPrivateKey(readFileSync(args.keyFile));
    const isKey = signingKey.asymmetricKeyType === 'ed25519' && isKeyName(args.name);
    const logs = logsOf(args.logs);
    if (!isKey || logs === undefined || logs.size === 0) return refuse(witnessUsage());
    const signer = { name: args.name, signingKey, publicKey: createPublicKey(signingKey) };
    const vkey = verifierKey(args.name, signer.publicKey, COSIGNATURE);
    if (args.initialise) initialise(args.directory, vkey);
    if (!isPlaceOf(args.directory, vkey)) return refuse(witnessState());
    const add = createWitness({ directory: args.directory, signer, logs, clock: io.clock });
    const [certificate, key] = [args.certificateFile, args.tlsKeyFile].map((file) => readFileSync(file, 'utf8'));
    assert(certificate !== undefined && key !== undefined, 'two files were read');
    const { host } = args;
    const served = await io.serve({ host, port: args.port, certificate, key, add, say: io.err });
    if (args.json) io.out(JSON.stringify({ host, port: served.port, vkey, logs: [...logs.keys()] }));
    else io.out(`${vkey}\nwitness of ${[...logs.keys()].join(', ')} at ${host}:${served.port}`);
    await io.stopRequested;
    served.close();
    return EXIT.done;
  } catch (cause) {
    return refuse(witnessBroken(causeText(cause)), EXIT.fault);
  }
}

function logsOf(named: readonly string[]): Map<string, KeyObject> | undefined {
  const keys = named.map((one) => {
    const text = existsSync(one) ? readFileSync(one, 'utf8') : one;
    return parseVerifierKey(text.trim(), NOTE_SIGNATURE);
  });
  const known = keys.flatMap((key) => (key === undefined ? [] : [[key.name, key.publicKey] as const]));
  return known.length === keys.length ? new Map(known) : undefined;
}

/** Over nothing that is there already. @throws the system's error */
function initialise(directory: string, vkey: string): void {
  makeDirectory(directory, 0o750);
  writeFileSync(join(directory, MARK), `${vkey}\n`, { flag: 'wx' });
}

const isPlaceOf = (directory: string, vkey: string): boolean =>
  existsSync(join(directory, MARK)) && readFileSync(join(directory, MARK), 'utf8').trim() === vkey;

const witnessUsage = (): Fault<'WITNESS_USAGE'> => ({
  code: 'WITNESS_USAGE',
  problem: bilingual('the name, the key or a log is not what a witness needs', '名称、密钥或日志不符合见证方的要求'),
  remedy: bilingual(
    'name it without spaces or plus signs, give it an Ed25519 key of its own, and for each log the line of `keys/LOG.vkey` of a bundle',
    '名称不得含空格或加号；请提供专用的 Ed25519 密钥，以及 `tongguan log bundle` 所写 `keys/LOG.vkey` 中的各日志公钥',
  ),
  retry: 'after-remedy',
});

const witnessState = (): Fault<'WITNESS_STATE'> => ({
  code: 'WITNESS_STATE',
  problem: bilingual(
    'the directory is not that of this witness: without what it cosigned before it would cosign forks',
    '该目录不属于此见证方：缺少此前的联署记录将可能联署分叉',
  ),
  remedy: bilingual(
    'correct the path; the first time, and with a new name or key, use `--initialise`',
    '请更正路径；首次运行或更换名称、密钥时请使用 `--initialise`',
  ),
  retry: 'after-remedy',
});

const witnessBroken = (cause: string): Fault<'WITNESS_BROKEN'> => ({
  code: 'WITNESS_BROKEN',
  problem: bilingual(`the witness cannot run: ${cause}`, `见证方无法运行：${cause}`),
  remedy: bilingual(
    'check the files, the directory and that the port is free; `--initialise` is for an empty place',
    '请检查文件、目录与端口是否空闲；`--initialise` 只能用于空目录',
  ),
  retry: 'after-remedy',
});
