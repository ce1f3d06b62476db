import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { EXIT } from '../proto/config/role.ts';
import { renderFault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { type Instant, parseInstant } from '../proto/words/time.ts';
import { VEHICLES_MAX } from './fleet.ts';
import { runSim } from './main.ts';
import {
  OVER_SECONDS_DEFAULT,
  OVER_SECONDS_MAX,
  RESAMPLE_SECONDS_MAX,
  SEED_CHARACTERS_MAX,
  SHIFT_SECONDS_MAX,
  type SimIo,
  type SimOptions,
  type SimProgress,
  SPEED_DEFAULT,
  SPEED_MAX,
} from './options.ts';
import { type UsageFault, usage } from './sim-faults.ts';

export interface SimCommandIo extends SimIo {
  /** Results, one line; `write` is for the frames. */
  readonly out: (line: string) => void;
}

/**
 * `tongguan sim [--vehicles N] [--seed TEXT] [--traces FILE...] [--sockets DIR] ...`: frames to the agents' sockets, or as
 * NDJSON to standard output. `--json` with sockets prints the final counts on standard output.
 *
 * @returns exit status: 0 done, 1 a fault, 2 usage
 */
export async function simCommand(args: readonly string[], io: SimCommandIo): Promise<number> {
  const parsed = parseSimArgs(args);
  if (!parsed.ok) {
    io.err(renderFault('sim', parsed.fault));
    return EXIT.usage;
  }
  if (parsed.value.kind === 'help') {
    io.err(parsed.value.text);
    return EXIT.done;
  }
  const { options, json } = parsed.value;
  let last: SimProgress | undefined;
  const exit = await runSim(options, {
    ...io,
    onProgress: (progress) => {
      last = progress;
      io.onProgress?.(progress);
    },
  });
  if (json && last !== undefined) io.out(JSON.stringify(last));
  return exit;
}

export type ParsedArgs =
  | { readonly kind: 'run'; readonly options: SimOptions; readonly json: boolean }
  | { readonly kind: 'help'; readonly text: string };

export function parseSimArgs(args: readonly string[]): Result<ParsedArgs, UsageFault> {
  let help = '';
  const command = simFlags()
    .exitOverride()
    .configureOutput({
      writeOut: (text) => {
        help += text;
      },
      writeErr: () => undefined,
    });
  try {
    command.parse(args, { from: 'user' });
  } catch (cause) {
    if (!(cause instanceof CommanderError)) throw cause;
    return cause.code === 'commander.helpDisplayed' ? ok({ kind: 'help', text: help }) : fail(usage(cause.message));
  }
  const { json, over, ...flags } = command.opts<Flags>();
  if (json === true && flags.sockets === undefined)
    return fail(usage('--json needs --sockets: frames take standard output'));
  return ok({ kind: 'run', json: json === true, options: { ...flags, traces: flags.traces ?? [], overSeconds: over } });
}

/** Flags as commander hands them over. */
interface Flags extends Omit<SimOptions, 'traces' | 'overSeconds'> {
  readonly traces?: readonly string[];
  readonly over: number;
  readonly json?: boolean;
}

/** The flags, for whoever only has to show them. */
export function simFlags(): Command {
  return new Command('tongguan sim')
    .description('a fleet of simulated vehicles: synthetic drives, or real traces replayed')
    .option(
      '--vehicles <count>',
      'how many vehicles (default: 20, or one for each trace)',
      numberFrom(1, VEHICLES_MAX, true),
    )
    .option('--seed <text>', 'same seed, same fleet and same drives', seedText, 'tongguan')
    .option('--traces <file...>', 'trace files, CSV or CSV.gz; formats in docs/raw-frames.md')
    .option('--sockets <directory>', 'write to <directory>/<vehicle>.sock instead of standard output')
    .option('--state <directory>', 'remember there how far each vehicle has come, and go on from it')
    .option(
      '--speed <factor>',
      'vehicle time over wall time until the present is reached, or `max`',
      speedFactor,
      SPEED_DEFAULT,
    )
    .option(
      '--ahead <count>',
      `so many of the first vehicles drive at ${SPEED_DEFAULT} at least, whatever --speed is`,
      numberFrom(0, VEHICLES_MAX, true),
    )
    .option(
      '--over <seconds>',
      'wall time a trace is spread over',
      numberFrom(0.1, OVER_SECONDS_MAX, false),
      OVER_SECONDS_DEFAULT,
    )
    .option(
      '--resample <seconds>',
      'one point of a trace each so many seconds, on the line between those recorded',
      numberFrom(1, RESAMPLE_SECONDS_MAX, true),
    )
    .option('--shift <seconds>', 'added to the times of traces; negative for back', shiftSeconds)
    .option('--start <instant>', 'where synthetic drives begin, RFC 3339 (default: seven days ago)', instant)
    .option('--until <instant>', 'where synthetic drives end, RFC 3339', instant)
    .option('--json', 'with --sockets: final counts on standard output as JSON')
    .addHelpText(
      'after',
      '\nSituations, with pass or fail: tongguan sim run, tongguan sim scenarios.\nTerminals of GB/T 32960 and JT/T 808: tongguan sim --protocol jt808 --help',
    );
}

function numberFrom(least: number, most: number, isWhole: boolean): (text: string) => number {
  return (text) => {
    const value = /^\d{1,9}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN;
    if (value >= least && value <= most && (!isWhole || Number.isInteger(value))) return value;
    throw new InvalidArgumentError(`expected a ${isWhole ? 'whole ' : ''}number from ${least} to ${most}.`);
  };
}

function shiftSeconds(text: string): number {
  const value = /^-?\d{1,9}$/.test(text) ? Number(text) : Number.NaN;
  if (Math.abs(value) <= SHIFT_SECONDS_MAX) return value;
  throw new InvalidArgumentError(`expected a whole number from -${SHIFT_SECONDS_MAX} to ${SHIFT_SECONDS_MAX}.`);
}

function speedFactor(text: string): number | 'max' {
  return text === 'max' ? text : numberFrom(1, SPEED_MAX, false)(text);
}

function seedText(text: string): string {
  if (text.length >= 1 && text.length <= SEED_CHARACTERS_MAX) return text;
  throw new InvalidArgumentError(`expected 1 to ${SEED_CHARACTERS_MAX} characters.`);
}

function instant(text: string): Instant {
  const at = parseInstant(text);
  if (at.ok) return at.value;
  throw new InvalidArgumentError('expected RFC 3339 with an offset, such as 2026-03-01T08:00:00+08:00.');
}
