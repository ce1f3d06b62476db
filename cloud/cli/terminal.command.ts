import { z } from 'zod';
import { renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { decodeHex, encodeView, HEX_CHARACTERS_MAX, type TerminalView } from '../terminals/decode.ts';
import { fault, type TerminalFault } from '../terminals/terminal-fault.ts';
import { terminalFault } from '../terminals/terminal-faults.table.ts';
import type { Language } from '../transfer/explain.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';

export interface TerminalArgs {
  /** A frame in hexadecimal or a view in JSON; anything else names a file with one a line. */
  readonly input: string;
  readonly json: boolean;
  /** Which of its two older editions a JT/T 808 header without a version is read as. */
  readonly older: 2011 | 2013;
  readonly language: Language;
}

export interface TerminalIo extends CliIo {
  readonly readLines: (path: string) => AsyncIterable<string>;
}

/** `tongguan terminal decode HEX|FILE [--json]`: frames in words. Returns 0, 1 when a frame is refused, 2 without a file. */
export function terminalDecodeCommand(args: TerminalArgs, io: TerminalIo): Promise<ExitStatus> {
  const isFrame = /^(?:[0-9a-f]{2}|\s)+$/i.test(args.input);
  return eachLine(args, isFrame, io, (line) => {
    const view = decodeHex(line, args.older);
    return view.ok ? ok(JSON.stringify(view.value, undefined, args.json ? 0 : 2)) : view;
  });
}

/** `tongguan terminal encode JSON|FILE [--json]`: what `decode` printed, as frames in hexadecimal again. */
export function terminalEncodeCommand(args: TerminalArgs, io: TerminalIo): Promise<ExitStatus> {
  return eachLine(args, args.input.trimStart().startsWith('{'), io, (line) => {
    const frame = frameOf(line);
    if (!frame.ok) return frame;
    const hex = frame.value.toString('hex');
    return ok(args.json ? JSON.stringify({ hex }) : hex);
  });
}

type Turn = (line: string) => Result<string, TerminalFault>;

async function eachLine(args: TerminalArgs, isInline: boolean, io: TerminalIo, turn: Turn): Promise<ExitStatus> {
  const program = 'terminal';
  let status: ExitStatus = EXIT.done;
  let number = 0;
  try {
    for await (const line of isInline ? [args.input] : io.readLines(args.input)) {
      number += 1;
      if (line.trim() === '') continue;
      const turned = line.length > LINE_CHARACTERS_MAX ? fail(fault('TERMINAL_TOO_LONG')) : turn(line);
      if (turned.ok) {
        io.out(turned.value);
        continue;
      }
      // A line out for each line in, so that the two files stay side by side.
      const told = terminalFault(turned.fault.code);
      const where = isInline ? {} : { line: number };
      io.out(args.json ? JSON.stringify({ ...where, fault: told }) : '');
      io.err(renderFault(isInline ? program : `${program}: line ${number}`, told, args.language));
      status = EXIT.fault;
    }
  } catch {
    // The text may be a frame with a digit too many, so it is not repeated.
    io.err(renderFault(program, terminalFault('TERMINAL_INPUT'), args.language));
    return EXIT.usage;
  }
  return status;
}

/** Words take more room than bytes: of an encoded voltage of two, seven characters at most. */
const LINE_CHARACTERS_MAX = 8 * HEX_CHARACTERS_MAX;

function frameOf(line: string): Result<Buffer, TerminalFault> {
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    return fail(fault('TERMINAL_VALUE'));
  }
  const view = View.safeParse(json);
  return view.success ? encodeView(view.data as TerminalView) : fail(fault('TERMINAL_VALUE'));
}

const Word = z.union([z.string(), z.number().int().min(0).max(0xffff)]);
const Checksum = z.union([z.literal('good'), z.strictObject({ bad: z.number().int().min(0).max(0xff) })]);
const Count = z.number().int().min(0).max(0xffff);
/** Fields are held against their layout when they are written. */
const Body = z.record(z.string(), z.json());
const Shared = { checksum: Checksum, body: Body, fault: z.string().optional() };
const View = z.union([
  z.strictObject({
    ...Shared,
    protocol: z.enum(['gb32960-2016', 'gb32960-2025']),
    command: Word,
    answer: Word,
    vin: z.string(),
    encryption: Word,
  }),
  z.strictObject({
    ...Shared,
    protocol: z.enum(['jt808-2011', 'jt808-2013', 'jt808-2019']),
    message: Word,
    properties: Count,
    version: z.number().int().min(0).max(0xff).optional(),
    phone: z.string(),
    serial: Count,
    part: z.strictObject({ total: Count, index: Count }).optional(),
    length: z.enum(['good', 'bad']),
  }),
]);
