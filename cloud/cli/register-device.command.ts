import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { parseVin, type Vin } from '../../proto/words/vin.ts';
import { CloudConfig } from '../config/config.ts';
import { DEVICE_REGISTER_FILE } from '../store-names.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface RegisterDeviceArgs {
  readonly config: string;
  /**
   * JSON: a list of {vinFile, certificateFile}; paths are relative to the working directory. Or a line for each device,
   * {vin, publicKey}, where a production line or a simulator knows keys and makes no file a vehicle.
   */
  readonly file: string;
  readonly json: boolean;
}

export interface RegisterDeviceIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  /** Adds to the register in a file; gives how many were new. */
  readonly add: (registerFile: string, devices: readonly { readonly vin: Vin; readonly publicKey: string }[]) => number;
}

const DEVICES_MAX = 1_000_000;
const List = z
  .array(z.strictObject({ vinFile: z.string().min(1).max(1_024), certificateFile: z.string().min(1).max(1_024) }))
  .max(DEVICES_MAX);
/** PEM of SubjectPublicKeyInfo. */
const Line = z.strictObject({ vin: z.string().length(17), publicKey: z.string().min(1).max(4_096) });

interface NamedKey {
  readonly vin: Vin;
  readonly publicKey: string;
}

/**
 * `tongguan register device import FILE --config cloud.yaml`: registers TCUs by VIN and certificate. The VIN of a record
 * comes from here and never from a payload. Works while the cloud runs.
 *
 * @returns 0 done, 1 a fault, 2 a configuration or list that is wrong
 */
export function registerDeviceCommand(args: RegisterDeviceArgs, io: RegisterDeviceIo): ExitStatus {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('register', fault));
    return EXIT.usage;
  }
  const devices = readDevices(args.file);
  if (!devices.ok) {
    io.err(renderFault('register', devices.fault));
    return EXIT.usage;
  }
  try {
    const added = io.add(
      join(loaded.value.path(loaded.value.config.stores.directory), DEVICE_REGISTER_FILE),
      devices.value,
    );
    io.out(args.json ? JSON.stringify({ added, known: devices.value.length - added }) : `${added} device(s) added`);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('register', listFault(`the register cannot be written: ${causeText(cause)}`)));
    return EXIT.fault;
  }
}

function readDevices(file: string): Result<readonly NamedKey[], Fault> {
  try {
    const text = readFileSync(file, 'utf8').trim();
    if (text.startsWith('{')) return readLines(text.split('\n'));
    const parsed = List.safeParse(JSON.parse(text));
    if (!parsed.success) return fail(listFault('it is no list of {vinFile, certificateFile}'));
    const devices: NamedKey[] = [];
    for (const [index, entry] of parsed.data.entries()) {
      const vin = parseVin(readFileSync(entry.vinFile, 'utf8').trim());
      // The entry is named by its place: a VIN is never printed.
      if (!vin.ok) return fail(listFault(`entry ${index + 1} holds no valid VIN: ${vin.fault.code}`));
      const { publicKey } = new X509Certificate(readFileSync(entry.certificateFile));
      devices.push({ vin: vin.value, publicKey: publicKey.export({ type: 'spki', format: 'pem' }) as string });
    }
    return ok(devices);
  } catch (cause) {
    return fail(listFault(causeText(cause)));
  }
}

function readLines(lines: readonly string[]): Result<readonly NamedKey[], Fault> {
  if (lines.length > DEVICES_MAX) return fail(listFault(`more than ${DEVICES_MAX} lines`));
  const devices: NamedKey[] = [];
  for (const [index, line] of lines.entries()) {
    const parsed = Line.safeParse(jsonOf(line));
    const vin = parsed.success ? parseVin(parsed.data.vin) : undefined;
    // The line is named by its place, as above.
    if (!parsed.success || vin?.ok !== true) return fail(listFault(`line ${index + 1} is no {vin, publicKey}`));
    devices.push({ vin: vin.value, publicKey: parsed.data.publicKey });
  }
  return ok(devices);
}

/** What cannot be parsed is undefined: the engine's words about it quote it, and with it a VIN. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function listFault(cause: string): Fault<'DEVICE_LIST'> {
  return {
    code: 'DEVICE_LIST',
    problem: bilingual(`the list of devices cannot be taken: ${cause}`, `无法导入设备清单：${cause}`),
    remedy: bilingual(
      'see docs/cloud.md for its form; nothing of it was registered',
      '格式见 docs/cloud.md；未登记任何设备',
    ),
    retry: 'after-remedy',
  };
}
