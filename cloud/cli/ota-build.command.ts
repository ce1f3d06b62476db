import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { encodeSignedUpdatePackage, IMAGE_BYTES_MAX } from '../../proto/codec/update-codec.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { listFiles, readPlain } from '../building/plain-files.ts';
import type { Objection } from '../datasets/inspect-files.ts';
import { treeHash } from '../datasets/tree-hash.ts';
import { packageOf, signPackage } from '../updates/sign-update.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import type { PolicySignIo } from './policy-sign.command.ts';

export interface OtaBuildArgs {
  /** Image of one ECU. */
  readonly image: string;
  /** Directory it was built from. */
  readonly source: string;
  readonly ecu: string;
  readonly version: number;
  readonly label: string;
  /** PEM of the operator's Ed25519 update key. */
  readonly keyFile: string;
  readonly out: string;
  readonly json: boolean;
}

const ECU = /^[a-z0-9][a-z0-9-]{0,31}$/;
const LABEL = /^[A-Za-z0-9][A-Za-z0-9._-]{0,31}$/;
const VERSION_MAX = 4_294_967_295;

/**
 * `tongguan ota build IMAGE --source DIR --ecu NAME --version N --label TEXT --key FILE --out FILE`: signs the package of an image
 * and says what has to be filed. Returns 0, 1, or 2 for what was asked.
 */
export function otaBuildCommand(args: OtaBuildArgs, io: PolicySignIo): ExitStatus {
  const { ecu, version, label, out, json } = args;
  const isVersion = Number.isInteger(version) && version > 0 && version <= VERSION_MAX;
  if (!ECU.test(ecu) || !LABEL.test(label) || !isVersion) {
    io.err(
      'usage: --ecu takes lower-case letters, digits and hyphens, --version a whole number from 1, --label a word',
    );
    return EXIT.usage;
  }
  try {
    const tree = sourceHash(args.source);
    const image = readFileSync(args.image);
    const isOfSize = image.length > 0 && image.length <= IMAGE_BYTES_MAX;
    if (!tree.ok || !isOfSize) {
      io.err(renderFault('ota', tree.ok ? updateNotBuilt(`the image has ${image.length} bytes`) : tree.fault));
      return EXIT.fault;
    }
    const of = packageOf({ ecu, version, label, sourceTreeSha256: Buffer.from(tree.value, 'hex') }, image);
    io.write(out, encodeSignedUpdatePackage(signPackage(of, createPrivateKey(readFileSync(args.keyFile)))));
    const packageSha256 = Buffer.from(of.imageSha256).toString('hex');
    const said = { out, ecu, version, label, bytes: image.length, packageSha256, sourceTreeSha256: tree.value };
    if (json) io.out(JSON.stringify(said));
    else {
      io.out(`${out}: ${ecu} version ${version} (${label}), ${image.length} bytes`);
      io.out(`packageSha256 ${packageSha256}`);
      io.out(`sourceTreeSha256 ${tree.value}`);
    }
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('ota', updateNotBuilt(causeText(cause))));
    return EXIT.fault;
  }
}

/** The hash that is filed: the same that an import of these files is held against. */
function sourceHash(root: string): Result<string, Fault> {
  const objections: Objection[] = [];
  const files = listFiles(root, objections).flatMap(({ path, at }) => {
    const bytes = readPlain(at);
    if (bytes === undefined) objections.push({ path, because: 'too-many-bytes-or-not-plain' });
    return bytes === undefined
      ? []
      : [{ path, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') }];
  });
  const [first] = objections;
  if (first !== undefined) return fail(updateNotBuilt(`${first.path}: ${first.because}`));
  return files.length === 0 ? fail(updateNotBuilt('the source tree is empty')) : ok(treeHash(files));
}

/** Also of a campaign. */
export function updateNotBuilt(cause: string): Fault<'UPDATE_NOT_BUILT'> {
  return {
    code: 'UPDATE_NOT_BUILT',
    problem: bilingual(`the package or campaign could not be made: ${cause}`, `无法生成升级包或升级活动：${cause}`),
    remedy: bilingual(
      'name files that can be read, an Ed25519 private key in PEM, and a place that can be written (docs/ota.md)',
      '请指定可读的文件、PEM 格式的 Ed25519 私钥和可写的输出位置（见 docs/ota.md）',
    ),
    retry: 'after-remedy',
  };
}
