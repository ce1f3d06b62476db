import type { Instant } from '../../../proto/words/time.ts';
import { IS_PART, type JtFrame } from './frame.ts';

/** Messages in parts that one connection may have open at a time; the oldest falls out. */
export const ASSEMBLIES_MAX = 4;
/** Parts of one message; each of them is answered. */
export const PARTS_MAX = 2_048;
/** Bytes of all open messages of one connection: a picture in the parts of JT/T 808 is some hundred kilobytes. */
export const ASSEMBLY_BYTES_MAX = 4_194_304;
/** What a part costs beside its body, so that many small ones cost too. */
export const PART_OVERHEAD_BYTES = 128;
/** After this long without a new part a message is given up; the terminal sends it again. */
export const ASSEMBLY_MS_MAX = 60_000;
/** After this long without a new part what is missing is asked for, at most so often, and so many parts at a time. */
export const QUIET_MS = 3_000;
export const ASKS_MAX = 5;
export const PARTS_ASKED_MAX = 125;
/** Messages that are whole and of which a part may come again. */
const WHOLE_REMEMBERED_MAX = 8;

export type AssemblyLoss = 'late' | 'too-many' | 'too-large' | 'contradicting';

/** Bytes that all connections together may hold in parts. */
export interface AssemblyRoom {
  /** @returns whether there was room, which is then taken */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

export function createRoom(bytesMax: number): AssemblyRoom {
  let held = 0;
  return {
    take: (bytes) => {
      if (held + bytes > bytesMax) return false;
      held += bytes;
      return true;
    },
    give: (bytes) => {
      held -= bytes;
    },
  };
}

/** What came of a part. */
export type Assembled =
  | { readonly kind: 'waits' | 'lost' }
  /** Of a message that is whole already. */
  | { readonly kind: 'again'; readonly name: string }
  | { readonly kind: 'whole'; readonly name: string; readonly frame: JtFrame; readonly serials: readonly number[] };

/** What a message still misses. */
export interface MissingParts {
  /** One of its parts: whose it is. */
  readonly frame: JtFrame;
  readonly firstSerial: number;
  /** Undefined when the first part is not there. */
  readonly firstBody: Buffer | undefined;
  readonly parts: readonly number[];
}

export interface Assembly {
  readonly push: (frame: JtFrame, now: Instant) => Assembled;
  /** Gives up what is late; gives what is to be asked for now. */
  readonly missing: (now: Instant) => readonly MissingParts[];
  /** A message that was whole and could not be kept: its parts may come again. */
  readonly forget: (name: string) => void;
  /** Bytes of parts that wait. */
  readonly held: () => number;
  readonly close: () => void;
}

interface Open {
  readonly name: string;
  readonly total: number;
  readonly firstSerial: number;
  readonly frame: JtFrame;
  readonly parts: Map<number, Buffer>;
  at: Instant;
  askedAt: Instant;
  asks: number;
  bytes: number;
}

/**
 * Puts messages together that came in parts (JT/T 808, 4.4.3), whatever their order; a part that came twice counts once.
 * Parts of one message have ascending serials, so serial minus index names it.
 *
 * @param onLoss - once for each message that is given up
 */
export function createAssembly(onLoss: (loss: AssemblyLoss) => void, room: AssemblyRoom): Assembly {
  let open: Open[] = [];
  let whole: { readonly name: string; readonly at: Instant }[] = [];
  let held = 0;

  const drop = (one: Open, loss?: AssemblyLoss): void => {
    open = open.filter((other) => other !== one);
    held -= one.bytes;
    room.give(one.bytes);
    if (loss !== undefined) onLoss(loss);
  };
  const dropLate = (now: Instant): void => {
    for (const one of open) if (Math.abs(now - one.at) > ASSEMBLY_MS_MAX) drop(one, 'late');
    whole = whole.filter(({ at }) => Math.abs(now - at) <= ASSEMBLY_MS_MAX);
  };
  const begin = (named: Pick<Open, 'name' | 'total' | 'firstSerial' | 'frame'>, now: Instant): Open => {
    const [oldest] = open;
    if (oldest !== undefined && open.length >= ASSEMBLIES_MAX) drop(oldest, 'too-many');
    const one: Open = { ...named, parts: new Map(), at: now, askedAt: now, asks: 0, bytes: 0 };
    open.push(one);
    return one;
  };
  const keep = (one: Open, index: number, body: Buffer): boolean => {
    const bytes = body.length + PART_OVERHEAD_BYTES;
    if (held + bytes > ASSEMBLY_BYTES_MAX || !room.take(bytes)) {
      drop(one, 'too-large');
      return false;
    }
    // A copy: what waits must not keep a large segment alive.
    one.parts.set(index, Buffer.from(body));
    one.bytes += bytes;
    held += bytes;
    return true;
  };

  return {
    push(frame, now) {
      dropLate(now);
      const { part, id, serial, version } = frame;
      if (part === undefined || part.index < 1 || part.index > part.total || part.total > PARTS_MAX) {
        onLoss('contradicting');
        return { kind: 'lost' };
      }
      const { total, index } = part;
      const firstSerial = (serial - index + 1) & WORD;
      const name = `${id} ${version} ${firstSerial} ${total}`;
      if (whole.some((one) => one.name === name)) return { kind: 'again', name };
      const one =
        open.find((other) => other.name === name) ?? begin({ name, total, firstSerial, frame: bare(frame) }, now);
      one.at = now;
      if (!one.parts.has(index) && !keep(one, index, frame.body)) return { kind: 'lost' };
      if (one.parts.size < total) return { kind: 'waits' };
      drop(one);
      whole = [...whole.slice(1 - WHOLE_REMEMBERED_MAX), { name, at: now }];
      return { kind: 'whole', name, frame: joined(frame, one.parts), serials: serialsOf(one) };
    },
    missing(now) {
      dropLate(now);
      return open.flatMap((one) => {
        const isQuiet = now - one.at >= QUIET_MS && now - one.askedAt >= QUIET_MS;
        if (!isQuiet || one.asks >= ASKS_MAX) return [];
        one.askedAt = now;
        one.asks += 1;
        const { frame, firstSerial, parts } = one;
        return [{ frame, firstSerial, firstBody: parts.get(1), parts: missingOf(one) }];
      });
    },
    forget: (name) => {
      whole = whole.filter((one) => one.name !== name);
    },
    held: () => held,
    close: () => {
      for (const one of open) drop(one);
    },
  };
}

const WORD = 0xffff;
const NONE: Buffer = Buffer.alloc(0);

/** Without its body, which may be a view of a large segment. */
const bare = (frame: JtFrame): JtFrame => ({ ...frame, body: NONE });

const serialsOf = ({ firstSerial, total }: Open): readonly number[] =>
  Array.from({ length: total }, (_, index) => (firstSerial + index) & WORD);

function missingOf({ total, parts }: Open): readonly number[] {
  const missing: number[] = [];
  for (let index = 1; index <= total && missing.length < PARTS_ASKED_MAX; index += 1)
    if (!parts.has(index)) missing.push(index);
  return missing;
}

function joined(frame: JtFrame, parts: ReadonlyMap<number, Buffer>): JtFrame {
  const bodies = [...parts].sort(([a], [b]) => a - b).map(([, body]) => body);
  return { ...frame, part: undefined, properties: frame.properties & ~IS_PART, body: Buffer.concat(bodies) };
}
