import { realpathSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { type ExporterConfig, resolvePath } from './config.ts';
import { stopBeside } from './emergency-stop.ts';

export interface PermissionOptions {
  readonly configPath: string;
  readonly config: ExporterConfig;
  /** Absolute directories of the program: its compiled files with proto/schema, its package.json, its node_modules. */
  readonly codePaths: readonly string[];
  /** `process.versions.node` of the Node that will run the exporter. */
  readonly nodeVersion: string;
}

/**
 * Arguments for `node` under which the exporter holds little memory and can open what was cleared and nothing else: no zone, no key of one, no
 * register; no child process, worker or native addon either (docs/receiver.md shows the whole command line).
 *
 * The flag lost its `experimental-` with Node 23.5, and from Node 25 on the network has to be allowed by name.
 */
export function permissionArguments(options: PermissionOptions): readonly string[] {
  const [major = 0, minor = 0] = options.nodeVersion.split('.').map(Number);
  const at = (path: string) => resolvePath(dirname(resolve(options.configPath)), path);
  const { border, log, permit, capture, tls, recipients, pull } = options.config;
  const written = [at(border.returns), at(log.directory), at(capture.directory)];
  const files = [log.signingKeyFile, permit.publicKeyFile, capture.publicKeyFile, tls.certificateFile, tls.keyFile];
  if (permit.handoverFile !== undefined) files.push(permit.handoverFile);
  if (pull !== undefined) files.push(pull.certificateFile, pull.keyFile, pull.clientAuthorityFile);
  const authorities = recipients.map((recipient) => recipient.authorityFile);
  // Without a slash at the end: Node 20 aborts when one path is given in both spellings.
  const code = options.codePaths.map((path) => resolve(path));
  const directories = [...code, ...code.map(realPathOf), at(border.outbox), ...written];
  const read = [resolve(options.configPath), stopBeside(at(border.outbox))];
  const readable = [...read, ...[...files, ...authorities].map(at), ...directories];
  return [
    major > 23 || (major === 23 && minor >= 5) ? '--permission' : '--experimental-permission',
    ...(major >= 25 ? ['--allow-net'] : []),
    ...[...new Set(readable)].map((path) => `--allow-fs-read=${path}`),
    ...written.map((path) => `--allow-fs-write=${path}`),
    '--disable-warning=ExperimentalWarning',
    ...ENGINE_FLAGS,
    ...(major < 22 ? ['--harmony-rab-gsab-transfer'] : []),
  ];
}

/**
 * Most of what a transfer allocates are buffers outside the heap, given back when the collector looks at the young generation: a small one
 * is looked at often (docs/adr/0071). What a transfer is done with it gives back by itself (docs/adr/0091), for which Node 20 wants a flag.
 */
const ENGINE_FLAGS: readonly string[] = ['--max-semi-space-size=2', '--v8-pool-size=1'];

/** Modules are loaded from where a link leads, so both ends of one must be readable; data is read by the path as written. */
function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    // Not there: then there is nothing to allow beyond the path itself.
    return path;
  }
}
