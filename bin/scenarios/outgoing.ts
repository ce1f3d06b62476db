import {
  decodeSealedBatch,
  decodeSignedBatch,
  type FrameContent,
  type SealedBatch,
} from '../../proto/codec/telemetry-codec.ts';
import type { RawFix } from '../../proto/words/raw-frame.ts';
import { assert } from '../../proto/words/result.ts';
import { findVins } from '../../proto/words/vin.ts';
import type { World } from './world.ts';

/** Looks at every byte that leaves the vehicles of a scenario, beside the product and with none of its checks. */
export interface Outgoing {
  /** Remembers where a vehicle truly was. */
  readonly visited: (fix: Pick<RawFix, 'latitude' | 'longitude'>) => void;
  /** Looks at a signed batch on its way; gives what is in it. */
  readonly look: (payload: Uint8Array) => SealedBatch;
  /** Everything that left, in the order of its leaving. */
  readonly left: () => readonly FrameContent[];
}

export function watchOutgoing(world: World): Outgoing {
  const places = new Set<string>();
  const seen = new Set<string>();
  const left: FrameContent[] = [];
  return {
    left: () => left,
    visited: ({ latitude, longitude }) => {
      for (const degrees of [latitude, longitude]) places.add(degrees.toFixed(PLACE_DECIMALS));
    },
    look: (payload) => {
      const signed = decodeSignedBatch(payload);
      const batch = signed.ok ? decodeSealedBatch(signed.value.batch) : undefined;
      assert(batch?.ok === true, 'what an agent seals can be read');
      const { epoch, firstSequence } = batch.value;
      // What was lost on its way comes again, and is one batch.
      if (seen.has(`${epoch}/${firstSequence}`)) return batch.value;
      seen.add(`${epoch}/${firstSequence}`);
      for (const frame of batch.value.frames) {
        left.push(frame);
        const text = textOf(frame);
        world.note(text);
        count(world, frame);
        world.add('precise-values', precise(text, places));
        world.add('vins-outside', findVins(text).length);
      }
      return batch.value;
    },
  };
}

/** A quarter of a second of arc, 11 m: what is rounded to it is still a place. */
const PLACE_DECIMALS = 4;

/** Numbers with so many decimals that are a latitude or longitude somebody was at. */
function precise(text: string, places: ReadonlySet<string>): number {
  const numbers = text.match(/\d{1,3}\.\d{4,}/g) ?? [];
  return numbers.filter((number) => places.has(Number(number).toFixed(PLACE_DECIMALS))).length;
}

function textOf(frame: FrameContent): string {
  return JSON.stringify(frame, (_key, value: unknown) => (value instanceof Uint8Array ? hexOf(value) : value));
}

const hexOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

function count(world: World, frame: FrameContent): void {
  if (frame.kind === 'trip') world.add('trip-rows', 1);
  else if (frame.kind === 'cell') world.add('cells', 1);
  else if (frame.kind === 'points') world.add('point-clouds', 1);
  else if (frame.kind === 'objects') world.add('object-counts', 1);
  else if (frame.kind === 'image') world.add(frame.consent === '' ? 'pictures-exterior' : 'pictures-cabin', 1);
  else if (frame.kind === 'signals') {
    world.add('signal-frames', 1);
    world.add('signal-values', frame.signals.length);
  }
}
