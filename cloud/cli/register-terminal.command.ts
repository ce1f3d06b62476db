import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { join } from 'node:path';
import { z } from 'zod';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { parseVin } from '../../proto/words/vin.ts';
import { CloudConfig } from '../config/config.ts';
import { terminalCode } from '../partition/recipient-tag.ts';
import type { NewTerminal } from '../ports/terminal-register.ts';
import { DEVICE_REGISTER_FILE } from '../store-names.ts';
import { plateCode, platformCode } from '../terminals/ingress/binding.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface RegisterTerminalArgs {
  readonly config: string;
  /** JSON: a list of terminals (docs/terminals.md); paths are relative to the working directory. */
  readonly file: string;
  readonly json: boolean;
}

export interface RegisterTerminalIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  /** Adds to the register in a file; gives how many were new. */
  readonly add: (registerFile: string, terminals: readonly NewTerminal[]) => number;
  /** A name that nobody can guess, hexadecimal. */
  readonly draw: (bytes: number) => string;
}

const TERMINALS_MAX = 1_000_000;
const SOURCES_MAX = 64;
const DEVICE_BYTES = 16;
const path = z.string().min(1).max(1_024);
const sources = z.array(z.string().refine(isNetwork, 'expected a network as CIDR')).min(1).max(SOURCES_MAX);
const List = z
  .array(
    z.discriminatedUnion('protocol', [
      z
        .strictObject({
          ...{ protocol: z.literal('gb32960'), vinFile: path },
          codeFile: path.optional(),
          sources: sources.optional(),
          platform: z
            .string()
            .regex(/^[\x21-\x7e]{17}$/)
            .optional(),
        })
        .refine(isOfOne, 'expected either codeFile and sources, or platform'),
      z.strictObject({
        ...{ protocol: z.literal('jt808'), phoneFile: path, vinFile: path, codeFile: path, sources },
        plateFile: path.optional(),
        again: z.boolean().optional(),
      }),
    ]),
  )
  .max(TERMINALS_MAX);

/** A vehicle speaks for itself, or a platform speaks for it: never both, or who knows its card could speak for the platform. */
function isOfOne({ codeFile, sources, platform }: Readonly<Record<string, unknown>>): boolean {
  const own = [codeFile, sources].filter((one) => one !== undefined).length;
  return platform === undefined ? own === 2 : own === 0;
}
type ListEntry = z.infer<typeof List>[number];

/** @param text - CIDR, such as `10.1.0.0/16` */
function isNetwork(text: string): boolean {
  const [address = '', bits = '', ...more] = text.split('/');
  const version = isIP(address);
  return version !== 0 && more.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (version === 4 ? 32 : 128);
}

/**
 * `tongguan register terminal import FILE --config cloud.yaml`: registers terminals by VIN, networks
 * and code, and those of JT/T 808 by telephone number. One that is known gets the new networks and code. Works while the cloud runs.
 *
 * @returns 0 done, 1 a fault, 2 a configuration or list that is wrong
 */
export function registerTerminalCommand(args: RegisterTerminalArgs, io: RegisterTerminalIo): ExitStatus {
  const loaded = readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('register', fault));
    return EXIT.usage;
  }
  const { config, path: absolute } = loaded.value;
  const terminals = readTerminals(args.file, absolute(config.pseudonyms.keyFile), io.draw);
  if (!terminals.ok) {
    io.err(renderFault('register', terminals.fault));
    return EXIT.usage;
  }
  try {
    const added = io.add(join(absolute(config.stores.directory), DEVICE_REGISTER_FILE), terminals.value);
    const changed = terminals.value.length - added;
    io.out(args.json ? JSON.stringify({ added, changed }) : `${added} terminal(s) added, ${changed} changed`);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('register', listFault(`the register cannot be written: ${causeText(cause)}`)));
    return EXIT.fault;
  }
}

function readTerminals(
  file: string,
  keyFile: string,
  draw: RegisterTerminalIo['draw'],
): Result<readonly NewTerminal[], Fault> {
  try {
    const parsed = List.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (!parsed.success) return fail(listFault('an entry is not of the form of its protocol'));
    const key = readFileSync(keyFile);
    const terminals: NewTerminal[] = [];
    for (const [index, entry] of parsed.data.entries()) {
      const terminal = terminalOf(entry, key, draw);
      // The entry is named by its place: neither VIN nor number nor code is ever printed.
      if (!terminal.ok) return fail(listFault(`entry ${index + 1} ${terminal.fault}`));
      terminals.push(terminal.value);
    }
    return ok(terminals);
  } catch (cause) {
    return fail(listFault(causeText(cause)));
  }
}

function terminalOf(entry: ListEntry, key: Uint8Array, draw: RegisterTerminalIo['draw']): Result<NewTerminal, string> {
  const { protocol, sources = [] } = entry;
  const vin = parseVin(wordIn(entry.vinFile));
  const code = codeOf(entry);
  if (!vin.ok) return fail(`holds no valid VIN: ${vin.fault.code}`);
  if (code === '') return fail('has an empty code');
  const device = { device: draw(DEVICE_BYTES), vin: vin.value, sources, code: terminalCode(key, code) };
  if (protocol === 'gb32960') return ok({ protocol, name: vin.value, ...device });
  const name = wordIn(entry.phoneFile).replace(/^0+/, '');
  if (!PHONE.test(name)) return fail('has no telephone number of at most 20 digits');
  const plate = entry.plateFile === undefined ? '' : wordIn(entry.plateFile);
  const digest = plate === '' ? undefined : terminalCode(key, plateCode(plate));
  return ok({ protocol, name, ...device, enrol: { plate: digest, again: entry.again === true } });
}

/** No network may log in as a vehicle of a platform: only the platform may. */
function codeOf(entry: ListEntry): string {
  if ('platform' in entry && entry.platform !== undefined) return platformCode(entry.platform);
  return entry.codeFile === undefined ? '' : wordIn(entry.codeFile);
}

const PHONE = /^[1-9]\d{0,19}$/;

const wordIn = (file: string): string => readFileSync(file, 'utf8').trim();

function listFault(cause: string): Fault<'TERMINAL_LIST'> {
  return {
    code: 'TERMINAL_LIST',
    problem: bilingual(`the list of terminals cannot be taken: ${cause}`, `无法导入终端清单：${cause}`),
    remedy: bilingual(
      'see docs/terminals.md for its form; nothing of it was registered',
      '格式见 docs/terminals.md；未登记任何终端',
    ),
    retry: 'after-remedy',
  };
}
