import { civilYearOf } from '../proto/words/time.ts';
import { classifyDataset, type JudgedBy } from './building/classify-dataset.ts';
import type { DatasetContents } from './datasets/contents.ts';
import type { PartStore } from './ports/part-store.ts';
import type { TransferRegister } from './ports/transfer-register.ts';
import type { FactSources, JoinCase } from './transfer/fact-sources.ts';
import {
  isFusion,
  joinedFacts,
  type MemberPart,
  membersOf,
  type Part,
  type PartFlags,
  partsJoined,
} from './transfer/join-parts.ts';

export interface JoinParts {
  readonly store: PartStore;
  readonly transfers: Pick<TransferRegister, 'find'>;
  /** The group of a recipient; its own id where it has none. */
  readonly groupOf: (recipient: string) => string;
  readonly judged: Pick<JudgedBy, 'aggregates' | 'stated'>;
  /** What other members of the group have sent in a year. */
  readonly members: (year: number) => readonly MemberPart[];
}

/** Finds what a transfer is evaluated with as one (G26 III(2)), and keeps what it holds for those that come. */
export function createJoins({ store, transfers, groupOf, judged, members }: JoinParts): FactSources['joins'] {
  return {
    with: (of) => {
      const own = partOf(of);
      const groups = onceEach(groupOf);
      const look = { year: civilYearOf(of.at), groupOf: groups, stateOf: (id: string) => transfers.find(id)?.state };
      const found = store.look(own, of, look);
      const ofMembers = members(look.year);
      const groupsOfMembers = ofMembers.map(({ part }) => ({ part, transferIds: [part.transferId] }));
      const others = partsJoined(own, [...found.groups, ...groupsOfMembers], groups);
      const joined = ofMembers.filter(({ part }) => others.some((one) => one.part === part));
      // Whether a person is in two members' transfers nobody can tell, so they count in both.
      const sum = (key: 'persons' | 'sensitivePersons') => joined.reduce((all, one) => all + one[key], found[key]);
      if (others.length === 0) return undefined;
      const together =
        of.counted === 'unknown' ? 'unknown' : { persons: sum('persons'), sensitivePersons: sum('sensitivePersons') };
      return joinedFacts(own, others, importanceOf([own, ...membersOf(others)], of, judged), together);
    },
    record: (of) => store.record(civilYearOf(of.at), partOf(of), of),
  };
}

/** Groups do not change while one transfer is looked at. */
function onceEach(groupOf: JoinParts['groupOf']): JoinParts['groupOf'] {
  const known = new Map<string, string>();
  return (recipient) => {
    const group = known.get(recipient) ?? groupOf(recipient);
    known.set(recipient, group);
    return group;
  };
}

function partOf({ transferId, request, contents, dataset }: JoinCase): Part {
  const { kinds } = dataset;
  const flags: PartFlags = {
    personal: dataset.personal,
    sensitive: dataset.sensitive,
    geographic: dataset.geographic,
    coordinates: dataset.coordinates,
    classifiedGeographic: dataset.classifiedGeographic,
    important: dataset.important,
    core: dataset.core,
    stateSecret: dataset.stateSecret,
  };
  const { purpose, recipient } = request;
  const named = { datasetId: request.dataset.id, recipientId: recipient.id, purpose };
  return { transferId, ...named, flags, kinds: [...kinds], items: contents.items };
}

/** Items over the union of what the parts are tested on, with the figures that everything taken in has reached. */
function importanceOf(
  parts: readonly Part[],
  { request, contents, at, counted }: JoinCase,
  { aggregates, stated }: Pick<JudgedBy, 'aggregates' | 'stated'>,
): PartFlags['important'] {
  if (contents.isUnsettled) return 'absent';
  const union: DatasetContents = {
    ...contents,
    kinds: [...new Set(parts.flatMap(({ kinds }) => kinds))],
    items: [...new Set(parts.flatMap(({ items }) => items))],
  };
  const findings = { ...stated?.findings, ...(isFusion(parts) ? { fused: 'yes' as const } : {}) };
  const of = { figures: {}, areas: [], ...stated, findings };
  const { kind } = request.dataset;
  return classifyDataset({ ...union, kind }, at, { persons: counted, aggregates, stated: of }).important;
}
