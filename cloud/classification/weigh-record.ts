import { CAMERA_LABELS } from '../../proto/codec/sensor-frames.ts';
import type { SignalReading } from '../../proto/codec/telemetry-codec.ts';
import type { BoundRules, Traits } from './bound-rules.ts';
import { addAll, emptyItemSet, hasSlot, type ItemSet } from './item-set.ts';
import type { ObservedContent } from './observed.ts';

/** What a record is, by the rows of the catalogue; bits as in `Traits`. */
export interface Weight {
  readonly classes: number;
  readonly kinds: number;
  readonly items: ItemSet;
  readonly roles: number;
  /** Items counted by year, as bits by their place among `BoundRules.measuring('persons-of-year')`. */
  readonly yearly: number;
  /** Whether a name of the vehicle stands in the record: then records of one vehicle can be told to be its own. */
  readonly isTagged: boolean;
  /** Rows it was weighed by. */
  readonly traits: readonly Traits[];
}

export type Weigher = (content: ObservedContent) => Weight;

/** Kind of the catalogue that a name of a vehicle in a record is of. */
const TAG = 'subject-tag';

/** Kinds of content that are remembered; names of others are made up by whoever writes them. */
const KINDS_REMEMBERED_MAX = 1_024;

/**
 * Weighs records. Most records of a fleet hold the same signals as one before, so the last weight of each length is kept with
 * its paths: comparing them costs a tenth of looking each of them up.
 */
export function createWeigher(rules: BoundRules): Weigher {
  const tag = rules.traitsOfKind(TAG);
  const ofKinds = new Map<string, Weight>();
  const shapes: Shape[] = [];
  const yearly = rules.measuring('persons-of-year');
  const ofKind = (name: string, kinds: readonly string[], isTagged: boolean): Weight => {
    const known = ofKinds.get(name);
    if (known !== undefined) return known;
    const made = weightOf([...kinds.map(rules.traitsOfKind), ...(isTagged ? [tag] : [])], isTagged, yearly);
    if (ofKinds.size < KINDS_REMEMBERED_MAX) ofKinds.set(name, made);
    return made;
  };
  return (content) => {
    if (content.kind === 'of-kind') return ofKind(content.of.join(' '), content.of, true);
    if (content.kind !== 'signals') return ofKind(kindIdOf(content), [kindIdOf(content)], content.kind === 'cell');
    const { signals } = content;
    const shape = shapes[signals.length];
    if (shape !== undefined && isOfShape(signals, shape)) return shape.weight;
    const weight = weightOf([...signals.map(({ path }) => rules.traitsOfPath(path)), tag], true, yearly);
    shapes[signals.length] = { paths: signals.map(({ path }) => path), weight };
    return weight;
  };
}

interface Shape {
  readonly paths: readonly string[];
  readonly weight: Weight;
}

function isOfShape(signals: readonly SignalReading[], { paths }: Shape): boolean {
  for (let index = 0; index < paths.length; index += 1) {
    if (signals[index]?.path !== paths[index]) return false;
  }
  return true;
}

function weightOf(traits: readonly Traits[], isTagged: boolean, yearlySlots: readonly number[]): Weight {
  const items = emptyItemSet();
  let [classes, kinds, roles] = [0, 0, 0];
  for (const one of traits) {
    classes |= one.classes;
    kinds |= one.kinds;
    roles |= one.roles;
    addAll(items, one.items);
  }
  const yearly = yearlySlots.reduce((bits, slot, place) => (hasSlot(items, slot) ? bits | (1 << place) : bits), 0);
  return { classes, kinds, items, roles, yearly, isTagged, traits };
}

/** The kind of the catalogue that a frame without signals is of. */
function kindIdOf(content: Exclude<ObservedContent, { kind: 'signals' | 'of-kind' }>): string {
  return content.kind === 'image' && content.camera === CAMERA_LABELS.cabin ? 'cabin-image' : content.kind;
}
