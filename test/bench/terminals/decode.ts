import { readGbFrame } from '../../../cloud/terminals/gb32960/frame.ts';
import { readUnit } from '../../../cloud/terminals/gb32960/unit.ts';
import { decodeGb, encodeGb } from '../../../cloud/terminals/gb32960/view.ts';
import { readBody } from '../../../cloud/terminals/jt808/body.ts';
import { readJtFrame } from '../../../cloud/terminals/jt808/frame.ts';
import { decodeJt, encodeJt } from '../../../cloud/terminals/jt808/view.ts';
import { mutated, seeded } from '../../support/cloud/seeded-bytes.ts';
import { gbSamples, gbStream, jtSamples } from '../../support/cloud/terminal-samples.ts';

export interface Decoding {
  readonly name: string;
  readonly bytesEach: number;
  readonly framesPerCoreSecond: number;
}

const ROUNDS = 400;
const WINDOWS = 3;
const REALTIME = 0x02;

/** A way to decode, and the same values parsed from JSON. */
export interface Compared {
  readonly decoding: Decoding;
  readonly json: Decoding;
}

/** Realtime frames of the real car and positions of the samples; the best of three windows, by CPU time. */
export function measureDecoding(): readonly Compared[] {
  const realtime = gbStream().filter((frame) => frame[2] === REALTIME);
  return [
    compared('GB/T 32960 realtime, all items', realtime, decodeGb, (frame) => {
      const read = readGbFrame(frame);
      return read.ok && read.value.isChecksumGood && readUnit(read.value).fault === undefined;
    }),
    compared('JT/T 808 position, additional items', positions(), decodeJt, isWholePosition),
  ];
}

function compared(
  name: string,
  frames: readonly Buffer[],
  inWords: (frame: Buffer) => unknown,
  isRead: (frame: Buffer) => boolean,
): Compared {
  const lines = frames.map((frame) => JSON.stringify(inWords(frame)));
  return {
    json: best('JSON.parse of the same values', lines, (line) => JSON.parse(line)),
    decoding: best(name, frames, (frame) => {
      if (!isRead(frame)) throw new Error('a real frame');
    }),
  };
}

function isWholePosition(frame: Buffer): boolean {
  const read = readJtFrame(frame);
  return read.ok && read.value.isChecksumGood && readBody(read.value, 2013).fault === undefined;
}

/** Positions of the samples, flags and escapes included, read whole. */
function positions(): readonly Buffer[] {
  const frames = jtSamples()
    .filter(({ msg_id }) => msg_id === '0200')
    .map(({ hex }) => Buffer.from(hex, 'hex'));
  const whole = frames.filter(isWholePosition);
  return Array.from({ length: POSITIONS }, (_, index) => whole[index % whole.length] ?? Buffer.alloc(0));
}

const POSITIONS = 240;

function best<T extends { readonly length: number }>(
  name: string,
  inputs: readonly T[],
  turn: (one: T) => void,
): Decoding {
  let seconds = Number.POSITIVE_INFINITY;
  for (let window = 0; window < WINDOWS; window += 1) {
    const start = process.cpuUsage();
    for (let round = 0; round < ROUNDS; round += 1) for (const one of inputs) turn(one);
    const { user, system } = process.cpuUsage(start);
    seconds = Math.min(seconds, (user + system) / 1e6);
  }
  const bytesEach = inputs.reduce((total, { length }) => total + length, 0) / inputs.length;
  return { name, bytesEach, framesPerCoreSecond: (ROUNDS * inputs.length) / seconds };
}

export interface Soak {
  readonly protocol: string;
  readonly causes: Readonly<Record<string, number>>;
  /** Frames that were read and did not come back byte for byte. */
  readonly unlike: number;
  readonly heapGrownMb: number;
}

/** 100,000 spoilt frames a protocol from a fixed seed, counted by cause. */
export function soakDecoding(): readonly Soak[] {
  const gb = [...gbSamples().map(({ hex }) => Buffer.from(hex, 'hex')), ...gbStream().slice(0, 8)];
  const jt = jtSamples().map(({ hex }) => Buffer.from(hex, 'hex'));
  return [
    soak('GB/T 32960', gb, (bytes) => {
      const view = decodeGb(bytes);
      if (!view.ok) return { cause: view.fault.code, isUnlike: false };
      const again = encodeGb(view.value);
      const { checksum, fault } = view.value;
      return { cause: causeOf(checksum, fault), isUnlike: !again.ok || !again.value.equals(bytes) };
    }),
    soak('JT/T 808', jt, (bytes) => {
      const view = decodeJt(bytes);
      if (!view.ok) return { cause: view.fault.code, isUnlike: false };
      const again = encodeJt(view.value);
      const { checksum, fault } = view.value;
      return { cause: causeOf(checksum, fault), isUnlike: !again.ok || !again.value.equals(bytes) };
    }),
  ];
}

const causeOf = (checksum: unknown, fault: string | undefined): string =>
  checksum === 'good' ? (fault ?? 'good') : 'TERMINAL_CHECKSUM';

const SPOILT = 100_000;
const SEED = 32_960_808;

function soak(
  protocol: string,
  frames: readonly Buffer[],
  turn: (bytes: Buffer) => { cause: string; isUnlike: boolean },
): Soak {
  const draw = seeded(SEED);
  const causes: Record<string, number> = {};
  let unlike = 0;
  let heap = 0;
  for (let count = 0; count < SPOILT; count += 1) {
    const { cause, isUnlike } = turn(mutated(frames[draw(frames.length)] ?? Buffer.alloc(0), draw));
    causes[cause] = (causes[cause] ?? 0) + 1;
    if (isUnlike) unlike += 1;
    // The tables of values are filled by then.
    if (count === SPOILT / 2) heap = heapNow();
  }
  return { protocol, causes, unlike, heapGrownMb: (heapNow() - heap) / 1e6 };
}

function heapNow(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}
