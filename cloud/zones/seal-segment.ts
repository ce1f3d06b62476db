import { encodeFrame } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import type { NewZoneRecord, SegmentHead } from '../ports/zone-store.ts';
import type { DataKeys } from './data-keys.ts';
import { seal } from './envelope.ts';
import type { RecordGroup } from './group-records.ts';
import { associatedData, gapsOf, OWN_PATHS, packFrames } from './segment.ts';

/** Numbers of the kinds in a segment's head; never reused. */
export const KIND = {
  signals: 1,
  cell: 2,
  trip: 3,
  image: 4,
  points: 5,
  objects: 6,
  withdrawal: 7,
  update: 8,
} as const;

/** In place of the digest of the zone's list, where the frames bring a list of their own. */
export const OWN_LIST = 'own';

export interface SealedSegment {
  readonly head: SegmentHead;
  readonly sealed: Uint8Array;
}

/** The zone's list of paths, which its frames count in. */
export interface PathList {
  readonly byPath: Map<string, number>;
  readonly digest: (paths: number) => string;
}

/**
 * Puts records of one group, in the order of their sequences, under one seal. What `keys` gave has to be saved before the
 * segment is stored.
 *
 * @param list - without it the segment brings a list of its own, and can be read by itself
 */
export function sealSegment(
  { zone, keys }: { readonly zone: Zone; readonly keys: Pick<DataKeys, 'next'> },
  group: RecordGroup,
  records: readonly NewZoneRecord[],
  list?: PathList,
): SealedSegment {
  const own = new Map<string, number>();
  const bodies = records.map(({ content }) => encodeFrame(content, list?.byPath ?? own));
  const sequences = records.map(({ key }) => key.sequence);
  const { deviceNumber, epoch, retention, day } = group;
  const { id: key, number, key: bytes } = keys.next({ deviceNumber, retention, day });
  const [first = 0] = sequences;
  const head: SegmentHead = {
    ...{ key, number, deviceNumber, epoch, retention, day, first },
    kind: KIND[group.kind],
    last: sequences.at(-1) ?? first,
    count: records.length,
    gaps: gapsOf(sequences),
    paths: list?.byPath.size ?? OWN_PATHS,
  };
  const associated = associatedData(zone, head, list?.digest(head.paths) ?? OWN_LIST);
  return {
    head,
    sealed: seal(bytes, number, associated, packFrames(bodies, list === undefined ? [...own.keys()] : undefined)),
  };
}
