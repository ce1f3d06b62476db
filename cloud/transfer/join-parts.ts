import { FIELD_KINDS, type FieldKind } from '../rules/field-kinds.table.ts';
import type { FactsInput } from './facts.ts';

type Dataset = FactsInput['dataset'];

/** Classes of a dataset as its verdict had them. */
export type PartFlags = Pick<Dataset, (typeof FLAGS)[number] | 'important'>;

/** One transfer of the year that went out, may still go, or is asked for. */
export interface Part {
  readonly transferId: string;
  readonly datasetId: string;
  readonly recipientId: string;
  readonly purpose: string;
  readonly flags: PartFlags;
  readonly kinds: readonly FieldKind[];
  /** Items of important data that are tested on it. */
  readonly items: readonly string[];
}

/** Parts that a join cannot tell apart: one of them, and the transfers of all in ascending order. */
export interface PartGroup {
  readonly part: Part;
  readonly transferIds: readonly string[];
}

/** What another member of the group has sent; who was in it only that member knows. */
export interface MemberPart extends JoinedPersons {
  readonly part: Part;
}

/** What a join looks at besides purpose and recipient. */
export function shapeOf({ flags, kinds, items }: Pick<Part, 'flags' | 'kinds' | 'items'>): string {
  const classes = [...FLAGS, 'important' as const].map((key) => flags[key]);
  return JSON.stringify([classes, kinds.toSorted(), items.toSorted()]);
}

/** Distinct persons over parts taken as one. */
export interface JoinedPersons {
  readonly persons: number;
  readonly sensitivePersons: number;
}

export const FLAGS = [
  'personal',
  'sensitive',
  'geographic',
  'coordinates',
  'classifiedGeographic',
  'core',
  'stateSecret',
] as const;

/** Our own limit on what a verdict cites one by one. */
export const CITED_MAX = 256;

/**
 * The parts that one transfer is joined with (G26 III(2)): for the same purpose, to recipients of one group, and with a kind
 * of field in common, or with records of persons in both, since those can be joined by person and time whatever their
 * kinds. What is joined to a joined part is joined as well. Days, datasets and routes do not matter, and neither does order.
 */
export function partsJoined(
  own: Part,
  others: readonly PartGroup[],
  groupOf: (recipient: string) => string,
): readonly PartGroup[] {
  const group = groupOf(own.recipientId);
  let left = others.filter(({ part }) => part.purpose === own.purpose && groupOf(part.recipientId) === group);
  const joined: PartGroup[] = [];
  for (let reached: readonly Part[] = [own]; reached.length > 0; ) {
    const kinds = new Set(reached.flatMap((one) => one.kinds));
    const isPersonal = reached.some(holdsPersons);
    const touches = ({ part }: PartGroup) =>
      (isPersonal && holdsPersons(part)) || part.kinds.some((kind) => kinds.has(kind));
    const next = left.filter(touches);
    left = left.filter((one) => !touches(one));
    joined.push(...next);
    reached = next.map(({ part }) => part);
  }
  return joined;
}

/** The parts of groups as far as a union tells them apart: one of a group, and two where there are more. */
export function membersOf(groups: readonly PartGroup[]): readonly Part[] {
  return groups.flatMap(({ part, transferIds }) => (transferIds.length > 1 ? [part, part] : [part]));
}

const holdsPersons = ({ flags }: Part): boolean => flags.personal !== 'absent';

/** What the union of parts is beyond each of them; `important` as the classification of the union has it. */
export interface Union {
  readonly dataset: PartFlags & { readonly kinds: FieldKind[] };
  /** What no part is by itself. */
  readonly rises: string[];
}

/**
 * Parts taken as one: each class is the gravest of any part, and a join can make more than its parts are. Positions of several
 * parts make a track; a kind that is sensitive of persons becomes so once another part brings the persons.
 *
 * @param important - of the union of all items of the parts; `absent` where nobody classified it
 */
export function unionOf(parts: readonly Part[], important: PartFlags['important']): Union {
  const kinds = new Set(parts.flatMap((one) => one.kinds));
  const isTrack = kinds.has('COORD') && !kinds.has('TRACK') && parts.filter(holdsPositions).length > 1;
  if (isTrack) kinds.add('TRACK');
  const flags = gravestOf(parts.map((one) => one.flags));
  const rows = FIELD_KINDS.filter(({ kind }) => kinds.has(kind));
  const risen: PartFlags = {
    ...flags,
    geographic: worst([flags.geographic, rows.some((row) => row.geographic) ? 'present' : 'absent']),
    coordinates: worst([flags.coordinates, rows.some((row) => row.coordinates) ? 'present' : 'absent']),
    sensitive: worst([
      flags.sensitive,
      rows.some((row) => row.sensitiveIfPersonal) && flags.personal !== 'absent' ? flags.personal : 'absent',
    ]),
    important: worstImportance([flags.important, important]),
  };
  const rises = [
    ...(isTrack ? ['TRACK'] : []),
    ...(['geographic', 'coordinates', 'sensitive'] as const).filter((key) => risen[key] !== flags[key]),
    ...(risen.important === flags.important ? [] : ['important']),
  ];
  return { dataset: { ...risen, kinds: [...kinds].toSorted() }, rises };
}

/** Of each class the gravest. */
export function gravestOf(all: readonly Readonly<PartFlags>[]): PartFlags {
  const gravest = FLAGS.map((key) => [key, worst(all.map((flags) => flags[key]))]);
  return { ...(Object.fromEntries(gravest) as PartFlags), important: worstImportance(all.map((one) => one.important)) };
}

const holdsPositions = ({ kinds }: Part): boolean => kinds.includes('COORD') || kinds.includes('TRACK');

/** Whether the parts together hold imagery and radar that no part holds together. */
export function isFusion(parts: readonly Part[]): boolean {
  const holds = ({ kinds }: { readonly kinds: readonly FieldKind[] }, some: readonly FieldKind[]) =>
    kinds.some((kind) => some.includes(kind));
  const together = { kinds: parts.flatMap(({ kinds }) => kinds) };
  const isBoth = (one: { readonly kinds: readonly FieldKind[] }) => holds(one, IMAGERY) && holds(one, RANGING);
  return isBoth(together) && !parts.some(isBoth);
}

const IMAGERY: readonly FieldKind[] = ['CAM-EXT', 'VIDEO-EXT'];
const RANGING: readonly FieldKind[] = ['RADAR-OBJ', 'POINTCLOUD'];

/** The facts of a joined set, or undefined where nothing is joined. */
export function joinedFacts(
  own: Part,
  others: readonly PartGroup[],
  important: PartFlags['important'],
  counted: JoinedPersons | 'unknown',
): FactsInput['joined'] {
  if (others.length === 0) return undefined;
  const { dataset, rises } = unionOf([own, ...membersOf(others)], important);
  const unknown = { persons: 'unknown', sensitivePersons: 'unknown' } as const;
  const latest = others.flatMap(({ transferIds }) => transferIds.slice(-CITED_MAX));
  return {
    transfers: latest.toSorted().slice(-CITED_MAX),
    parts: others.reduce((all, { transferIds }) => all + transferIds.length, 0),
    ...(counted === 'unknown' ? unknown : { persons: counted.persons, sensitivePersons: counted.sensitivePersons }),
    dataset,
    rises,
  };
}

const worst = (all: readonly PartFlags['personal'][]): PartFlags['personal'] =>
  all.includes('present') ? 'present' : all.includes('unknown') ? 'unknown' : 'absent';

function worstImportance(all: readonly PartFlags['important'][]): PartFlags['important'] {
  return (['present', 'unknown', 'own-catalogue-only'] as const).find((one) => all.includes(one)) ?? 'absent';
}
