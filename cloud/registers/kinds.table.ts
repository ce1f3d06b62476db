import type { z } from 'zod';
import { bilingual } from '../../proto/words/fault.ts';
import type { EntryBody, FindEntry, Objection, RegisterKind } from './kind.ts';
import { type KindId, REGISTER_TITLES } from './kind-titles.table.ts';
import { Incident, OtaCampaign, SourceFiling, Vulnerability } from './kinds/events.ts';
import {
  Certificate,
  ConsentForm,
  Custodian,
  ExternalProvision,
  MapReview,
  Notice,
  Pipia,
  RecognisedProcessing,
  SecurityAssessment,
  SignOff,
  StandardContract,
} from './kinds/mechanisms.ts';
import { FtzList, GroupCount, ImportantCatalogue, Processor, Recipient } from './kinds/parties.ts';
import { Principal } from './kinds/principals.ts';

/** Every register by the word commands use. A row is all there is to a kind: form, numbers, what contradicts, moves. */
// biome-ignore format: one kind a line
export const REGISTER_KINDS: readonly RegisterKind[] = [
  kind('processor', Processor),
  kind('recipient', Recipient),
  kind('important-catalogue', ImportantCatalogue, { moves: FILING_MOVES() }),
  kind('ftz-list', FtzList, { objections: ends('publishedOn', 'validUntil') }),
  kind('group-count', GroupCount, { objections: asOfInYear }),
  kind('notice', Notice, { objections: ends('validFrom', 'validUntil') }),
  kind('consent-form', ConsentForm, { objections: ends('validFrom', 'validUntil') }),
  kind('pipia', Pipia, { objections: ends('validFrom', 'validUntil') }),
  kind('assessment', SecurityAssessment, { objections: ends('validFrom', 'validUntil') }),
  kind('contract', StandardContract, { objections: all(ends('validFrom', 'validUntil'), refers('pipia', 'pipia')) }),
  kind('certificate', Certificate, { objections: ends('validFrom', 'validUntil') }),
  kind('map-review', MapReview, { objections: ends('validFrom', 'validUntil') }),
  kind('external-provision', ExternalProvision, { objections: ends('validFrom', 'validUntil') }),
  kind('recognised-processing', RecognisedProcessing, { objections: ends('validFrom', 'validUntil') }),
  kind('sign-off', SignOff),
  kind('custodian', Custodian, { objections: ends('validFrom', 'validUntil') }),
  kind('principal', Principal, { objections: ends('validFrom', 'validUntil', 'or-equal') }),
  kind('ota-campaign', OtaCampaign, { objections: defectHasNumber }),
  kind('source-filing', SourceFiling, { moves: SOURCE_MOVES(), objections: all(refers('campaign', 'ota-campaign'), filedIsWhole) }),
  kind('incident', Incident, { objections: ends('occurredAt', 'knownAt', 'or-equal') }),
  kind('vulnerability', Vulnerability),
];

const byId = new Map(REGISTER_KINDS.map((one) => [one.id, one]));

export function registerKind(id: string): RegisterKind | undefined {
  return byId.get(id);
}

interface Beyond {
  readonly objections?: RegisterKind['objections'];
  readonly moves?: NonNullable<RegisterKind['moves']>;
}

function kind(id: KindId, schema: z.ZodType, { objections, moves }: Beyond = {}): RegisterKind {
  return {
    id,
    title: REGISTER_TITLES[id],
    schema: schema as z.ZodType<EntryBody>,
    numbersOf: (body) => NUMBER_KEYS.flatMap((key) => numberAt(body, key)),
    objections: objections ?? (() => []),
    ...(moves === undefined ? {} : { moves }),
  };
}

/** Where a body keeps the numbers that authorities gave. */
const NUMBER_KEYS = [
  'number',
  'filing.number',
  'filed.number',
  'miitFiling.number',
  'samrFiling.number',
  'receipt.number',
];

function numberAt(body: EntryBody, key: string): readonly string[] {
  const found = key.split('.').reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), body);
  return typeof found === 'string' ? [`${key}:${found}`] : [];
}

const isRecord = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

function FILING_MOVES(): NonNullable<RegisterKind['moves']> {
  return { draft: ['submitted', 'withdrawn'], submitted: ['filed', 'withdrawn'], filed: ['withdrawn'], withdrawn: [] };
}

function SOURCE_MOVES(): NonNullable<RegisterKind['moves']> {
  return {
    draft: ['submitted', 'withdrawn'],
    submitted: ['filed', 'withdrawn'],
    filed: ['superseded', 'withdrawn'],
    superseded: [],
    withdrawn: [],
  };
}

function ends(from: string, until: string, equal: 'before' | 'or-equal' = 'before'): RegisterKind['objections'] {
  return (body) => {
    const [first, last] = [body[from], body[until]];
    if (typeof first !== 'string' || typeof last !== 'string') return [];
    // Instants have their offset, so they are compared as instants; days sort as text.
    const [a, b] = first.length > DAY_CHARACTERS ? [Date.parse(first), Date.parse(last)] : [first, last];
    if (a < b || (equal === 'or-equal' && a === b)) return [];
    return [
      { key: until, problem: bilingual(`\`${until}\` is not after \`${from}\``, `\`${until}\` 不晚于 \`${from}\``) },
    ];
  };
}

const DAY_CHARACTERS = 10;

function refers(key: string, kindId: string): RegisterKind['objections'] {
  return (body, find) => {
    const id = body[key];
    if (typeof id !== 'string' || find(kindId, id) !== undefined) return [];
    const problem = bilingual(
      `\`${key}\` names no entry of the register \`${kindId}\``,
      `\`${key}\` 在登记 \`${kindId}\` 中不存在`,
    );
    return [{ key, problem }];
  };
}

function all(...checks: readonly RegisterKind['objections'][]): RegisterKind['objections'] {
  return (body, find) => checks.flatMap((check) => check(body, find));
}

/** A campaign that mends a defect, or carries out a recall, is known to the authority by a number (EX-9). */
function defectHasNumber(body: EntryBody): readonly Objection[] {
  if (body['purpose'] === 'feature' || body['defectOrRecallNumber'] !== undefined) return [];
  const problem = bilingual('a defect or a recall has a number', '缺陷消除或召回必须有编号');
  return [{ key: 'defectOrRecallNumber', problem }];
}

function asOfInYear({ asOf, year }: EntryBody): readonly Objection[] {
  if (typeof asOf === 'string' && asOf.startsWith(`${year}-`)) return [];
  const problem = bilingual('`asOf` is no day of `year`', '`asOf` 不在 `year` 年内');
  return [{ key: 'asOf', problem }];
}

function filedIsWhole(body: EntryBody, _find: FindEntry): readonly Objection[] {
  if (body['state'] !== 'filed' && body['state'] !== 'superseded') return [];
  return ['filed', 'filedSha256', 'submittedOn'].flatMap((key) =>
    body[key] === undefined
      ? [{ key, problem: bilingual(`a filing that is filed has \`${key}\``, `已备案的条目必须有 \`${key}\``) }]
      : [],
  );
}
