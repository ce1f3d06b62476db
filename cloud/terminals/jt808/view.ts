import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { fault, type TerminalFault, type TerminalFaultCode } from '../terminal-fault.ts';
import type { Fields } from '../value.ts';
import { type JtEdition, messageId, messageName, readBody, writeBody } from './body.ts';
import { type JtFrame, readJtFrame, writeJtFrame } from './frame.ts';

/** A frame in words, as `tongguan terminal decode` prints it and `encode` takes it back. */
export interface JtView {
  readonly protocol: `jt808-${JtEdition}`;
  readonly message: string | number;
  readonly properties: number;
  readonly version?: number;
  readonly phone: string;
  readonly serial: number;
  readonly part?: { readonly total: number; readonly index: number };
  readonly checksum: 'good' | { readonly bad: number };
  /** `bad`: the body is as it came, and the header says another length. */
  readonly length: 'good' | 'bad';
  readonly body: Fields;
  readonly fault?: TerminalFaultCode;
}

/** @param older - which of the two older editions a header without a version is read as */
export function decodeJt(bytes: Buffer, older: 2011 | 2013 = 2013): Result<JtView, TerminalFault> {
  const frame = readJtFrame(bytes);
  return frame.ok ? ok(viewOfJt(frame.value, older)) : frame;
}

export function viewOfJt(frame: JtFrame, older: 2011 | 2013 = 2013): JtView {
  const { id, properties, version, phone, serial, part, checksum, isChecksumGood, isLengthGood } = frame;
  const edition = version === undefined ? older : 2019;
  const { fields, fault: unread } = readBody(frame, edition);
  const name = messageName(id);
  return {
    protocol: `jt808-${edition}`,
    message: name === 'unknown' ? id : name,
    properties,
    ...(version === undefined ? {} : { version }),
    phone,
    serial,
    ...(part === undefined ? {} : { part }),
    checksum: isChecksumGood ? 'good' : { bad: checksum },
    length: isLengthGood ? 'good' : 'bad',
    body: fields,
    ...(unread === undefined ? {} : { fault: unread }),
  };
}

const EDITIONS: Readonly<Record<JtView['protocol'], JtEdition>> = {
  'jt808-2011': 2011,
  'jt808-2013': 2013,
  'jt808-2019': 2019,
};

export function encodeJt(view: JtView): Result<Buffer, TerminalFault> {
  const id = typeof view.message === 'number' ? view.message : messageId(view.message);
  const body = id === undefined ? undefined : writeBody(id, EDITIONS[view.protocol], view.body);
  if (id === undefined || body === undefined) return fail(fault('TERMINAL_VALUE'));
  return writeJtFrame({
    id,
    properties: view.properties,
    version: view.version,
    phone: view.phone,
    serial: view.serial,
    part: view.part,
    body,
    checksum: view.checksum === 'good' ? 0 : view.checksum.bad,
    isChecksumGood: view.checksum === 'good',
    isLengthGood: view.length === 'good',
  });
}
