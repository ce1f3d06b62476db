import type { Instant } from '../../../proto/words/time.ts';
import { IS_PART, type JtFrame } from './frame.ts';

/** Messages in parts that one connection may have open at a time; the oldest falls out. */
export const ASSEMBLIES_MAX = 4;
/** Bytes of all open messages of one connection: a picture in the parts of JT/T 808 is some hundred kilobytes. */
export const ASSEMBLY_BYTES_MAX = 4_194_304;
/** After this long without a new part a message is given up; the terminal is asked, or sends it again. */
export const ASSEMBLY_MS_MAX = 60_000;

export type AssemblyLoss = 'late' | 'too-many' | 'too-large' | 'contradicting';

export interface Assembly {
  /**
   * @returns the whole message once its last part is there; undefined before
   */
  readonly push: (frame: JtFrame, now: Instant) => JtFrame | undefined;
  /** Bytes of parts that wait. */
  readonly held: () => number;
}

interface Open {
  readonly name: string;
  readonly total: number;
  readonly parts: Map<number, Buffer>;
  at: Instant;
  bytes: number;
}

/**
 * Puts messages together that came in parts (JT/T 808, 4.4.3), whatever their order; a part that came twice counts once.
 * Parts of one message have ascending serials, so serial minus index names it.
 *
 * @param onLoss - once for each message that is given up
 */
export function createAssembly(onLoss: (loss: AssemblyLoss) => void): Assembly {
  let open: Open[] = [];
  let held = 0;

  const drop = (one: Open, loss?: AssemblyLoss): void => {
    open = open.filter((other) => other !== one);
    held -= one.bytes;
    if (loss !== undefined) onLoss(loss);
  };
  const dropLate = (now: Instant): void => {
    for (const one of open) if (Math.abs(now - one.at) > ASSEMBLY_MS_MAX) drop(one, 'late');
  };
  const begin = (name: string, total: number, now: Instant): Open => {
    const [oldest] = open;
    if (oldest !== undefined && open.length >= ASSEMBLIES_MAX) drop(oldest, 'too-many');
    const one: Open = { name, total, parts: new Map(), at: now, bytes: 0 };
    open.push(one);
    return one;
  };
  const keep = (one: Open, index: number, body: Buffer): boolean => {
    // A copy: what waits must not keep a large segment alive.
    one.parts.set(index, Buffer.from(body));
    one.bytes += body.length;
    held += body.length;
    if (held <= ASSEMBLY_BYTES_MAX) return true;
    drop(one, 'too-large');
    return false;
  };

  return {
    push(frame, now) {
      dropLate(now);
      const { part, id, serial, version } = frame;
      if (part === undefined) return frame;
      const { total, index } = part;
      if (index < 1 || index > total) {
        onLoss('contradicting');
        return undefined;
      }
      const name = `${id} ${version} ${(serial - index) & 0xffff} ${total}`;
      const one = open.find((other) => other.name === name) ?? begin(name, total, now);
      one.at = now;
      if (!one.parts.has(index) && !keep(one, index, frame.body)) return undefined;
      if (one.parts.size < total) return undefined;
      drop(one);
      const parts = [...one.parts].sort(([a], [b]) => a - b).map(([, body]) => body);
      return { ...frame, part: undefined, properties: frame.properties & ~IS_PART, body: Buffer.concat(parts) };
    },
    held: () => held,
  };
}
