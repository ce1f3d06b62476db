import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { fault, type TerminalFault, type TerminalFaultCode } from '../terminal-fault.ts';
import type { Fields } from '../value.ts';
import { ANSWERS, ENCRYPTIONS } from './commands.table.ts';
import { type GbFrame, readGbFrame, writeGbFrame } from './frame.ts';
import { commandId, commandName, readUnit, writeUnit } from './unit.ts';

/** A frame in words, as `tongguan terminal decode` prints it and `encode` takes it back. */
export interface GbView {
  readonly protocol: 'gb32960-2016' | 'gb32960-2025';
  /** A name of the table of commands, or the number where it has none. */
  readonly command: string | number;
  readonly answer: string | number;
  readonly vin: string;
  readonly encryption: string | number;
  readonly checksum: 'good' | { readonly bad: number };
  readonly body: Fields;
  /** Why the body stayed octets, or a part of it. */
  readonly fault?: TerminalFaultCode;
}

export function decodeGb(bytes: Buffer): Result<GbView, TerminalFault> {
  const frame = readGbFrame(bytes);
  return frame.ok ? ok(viewOfGb(frame.value)) : frame;
}

export function viewOfGb(frame: GbFrame): GbView {
  const { edition, command, answer, vin, encryption, isChecksumGood, checksum } = frame;
  const { fields, fault: unread } = readUnit(frame);
  const name = commandName(edition, command);
  return {
    protocol: `gb32960-${edition}`,
    command: name === 'unknown' ? command : name,
    answer: ANSWERS[answer] ?? answer,
    vin,
    encryption: ENCRYPTIONS[encryption] ?? encryption,
    checksum: isChecksumGood ? 'good' : { bad: checksum },
    body: fields,
    ...(unread === undefined ? {} : { fault: unread }),
  };
}

export function encodeGb(view: GbView): Result<Buffer, TerminalFault> {
  const edition = view.protocol === 'gb32960-2025' ? 2025 : 2016;
  const command = typeof view.command === 'number' ? view.command : commandId(edition, view.command);
  const answer = idOf(ANSWERS, view.answer);
  const encryption = idOf(ENCRYPTIONS, view.encryption);
  if (command === undefined || answer === undefined || encryption === undefined) return fail(fault('TERMINAL_VALUE'));
  const unit = writeUnit(edition, command, answer, view.body);
  if (unit === undefined) return fail(fault('TERMINAL_VALUE'));
  const isChecksumGood = view.checksum === 'good';
  const checksum = view.checksum === 'good' ? 0 : view.checksum.bad;
  return writeGbFrame({ edition, command, answer, vin: view.vin, encryption, unit, checksum, isChecksumGood });
}

function idOf(words: Readonly<Record<number, string>>, word: string | number): number | undefined {
  if (typeof word === 'number') return word >= 0 && word <= 0xff ? word : undefined;
  const row = Object.entries(words).find(([, one]) => one === word);
  return row === undefined ? undefined : Number(row[0]);
}
