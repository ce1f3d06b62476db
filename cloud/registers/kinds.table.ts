import type { z } from 'zod';
import { bilingual } from '../../proto/words/fault.ts';
import { type CivilDate, DAY_MS } from '../../proto/words/time.ts';
import { addYears } from '../transfer/civil-days.ts';
import { isFollowUp, OF_EMERGENCY } from './follow-up.ts';
import { levelByFigures } from './incident-level.ts';
import type { EntryBody, FindEntry, Objection, RegisterEntry, RegisterKind } from './kind.ts';
import { type KindId, REGISTER_TITLES } from './kind-titles.table.ts';
import { Incident, OtaCampaign, SourceFiling, Vulnerability } from './kinds/events.ts';
import { IndividualContract, LabourBasis, Transit, UrgentNeed } from './kinds/exemptions.ts';
import {
  AssessmentApplication,
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
import { FtzList, GroupCount, ImportantCatalogue, Processor, Purpose, Recipient } from './kinds/parties.ts';
import { Principal } from './kinds/principals.ts';
import { stampAgainst } from './out-of-date.ts';
import { SIGNED_READINGS } from './signed-readings.ts';
import { valueAt } from './value-at.ts';
import { momentOf } from './words.ts';

/** Every register by the word commands use. A row is all there is to a kind: form, numbers, what contradicts, moves. */
// biome-ignore format: one kind a line
export const REGISTER_KINDS: readonly RegisterKind[] = [
  kind('processor', Processor, { confirmed: ['name', 'ciio', 'freeTradeZone', 'group', 'authorities'], waitsAnew: standsBesideAnother }),
  kind('recipient', Recipient, { confirmed: ['name', 'country', 'group', 'certificateSha256', 'encryption', 'purposes'] }),
  kind('purpose', Purpose, { objections: ends('validFrom', 'validUntil') }),
  kind('important-catalogue', ImportantCatalogue, { moves: FILING_MOVES() }),
  kind('ftz-list', FtzList, { objections: ends('publishedOn', 'validUntil') }),
  kind('group-count', GroupCount, { objections: asOfInYear }),
  kind('notice', Notice, { objections: ends('validFrom', 'validUntil') }),
  kind('consent-form', ConsentForm, { objections: ends('validFrom', 'validUntil') }),
  kind('pipia', Pipia, { objections: ends('validFrom', 'validUntil') }),
  kind('assessment', SecurityAssessment, { objections: all(ends('validFrom', 'validUntil'), extendedByTheRules) }),
  kind('assessment-application', AssessmentApplication, { objections: all(ends('submittedOn', 'completeOn', 'or-equal'), ends('completeOn', 'acceptedOn', 'or-equal'), ends('acceptedOn', 'result.receivedOn', 'or-equal')) }),
  kind('contract', StandardContract, { objections: all(ends('validFrom', 'validUntil'), refers('pipia', 'pipia')) }),
  kind('certificate', Certificate, { objections: ends('validFrom', 'validUntil') }),
  kind('map-review', MapReview, { objections: ends('validFrom', 'validUntil') }),
  kind('external-provision', ExternalProvision, { objections: ends('validFrom', 'validUntil') }),
  kind('recognised-processing', RecognisedProcessing, { objections: ends('validFrom', 'validUntil') }),
  kind('sign-off', SignOff, { objections: all(ends('on', 'until'), switchable) }),
  kind('custodian', Custodian, { objections: ends('validFrom', 'validUntil') }),
  kind('principal', Principal, { objections: ends('validFrom', 'validUntil', 'or-equal') }),
  kind('ota-campaign', OtaCampaign, { objections: defectHasNumber }),
  kind('source-filing', SourceFiling, { moves: SOURCE_MOVES(), objections: all(refers('campaign', 'ota-campaign'), filedIsWhole) }),
  kind('incident', Incident, { objections: all(ends('occurredAt', 'knownAt', 'or-equal'), levelByFigures) }),
  kind('vulnerability', Vulnerability),
  kind('transit', Transit, { objections: fromAbroad }),
  kind('individual-contract', IndividualContract, { objections: all(ends('validFrom', 'validUntil'), refers('notice', 'notice'), eachKindOnce) }),
  kind('labour-basis', LabourBasis, { objections: all(ends('validFrom', 'validUntil'), eachKindOnce) }),
  kind('urgent-need', UrgentNeed, { objections: all(ends('startedAt', 'endsAt'), atMostDays, eachKindOnce), confirmed: OF_EMERGENCY, waitsAnew: isFollowUp, looksBack: true }),
];

const byId = new Map(REGISTER_KINDS.map((one) => [one.id, one]));

export function registerKind(id: string): RegisterKind | undefined {
  return byId.get(id);
}

interface Beyond {
  readonly objections?: RegisterKind['objections'];
  readonly moves?: NonNullable<RegisterKind['moves']>;
  readonly confirmed?: readonly string[];
  readonly waitsAnew?: NonNullable<RegisterKind['waitsAnew']>;
  readonly looksBack?: true;
}

function kind(id: KindId, schema: z.ZodType, { objections, moves, ...waits }: Beyond = {}): RegisterKind {
  return {
    id,
    title: REGISTER_TITLES[id],
    schema: schema as z.ZodType<EntryBody>,
    numbersOf: (body) => NUMBER_KEYS.flatMap((key) => numberAt(body, key)),
    objections: objections ?? (() => []),
    complete: (body, before, find) => stampAgainst(id, body, before, find),
    ...waits,
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
  'reports.receipt.number',
  'filings.receipt.number',
];

/** A number is the same however wide, high or spaced it is written. */
function numberAt(body: EntryBody, key: string): readonly string[] {
  const found = key
    .split('.')
    .reduce<readonly unknown[]>((at, name) => at.flatMap((one) => (isRecord(one) ? one[name] : [])), [body]);
  const numbers = found.filter((one) => typeof one === 'string');
  return numbers.map((number) => `${key}:${number.normalize('NFKC').replace(/\s+/gu, '').toUpperCase()}`);
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
    const [first, last] = [valueAt(body, from), valueAt(body, until)];
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

const URGENT_DAYS_MAX = 7;

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

/** SA-1, SA-2: asked for before the end, from that end on, for three years, by as many persons and as much data as 20 % more. */
function extendedByTheRules({ validUntil, extension }: EntryBody): readonly Objection[] {
  const { appliedOn, state, until, growthPercent, isUnchanged } = (extension ?? {}) as Partial<Extension>;
  if (state === undefined) return [];
  const end = validUntil as CivilDate;
  const wrong: readonly (readonly [string, boolean, string, string])[] = [
    ['appliedOn', appliedOn === undefined || appliedOn >= end, 'it was asked for after the end', '申请晚于到期日'],
    [
      'until',
      state === 'granted' && until === undefined,
      'an extension that is granted has an end',
      '获准的延期须有到期日',
    ],
    [
      'until',
      until !== undefined && !(until > end && until <= addYears(end, EXTENSION_YEARS_MAX)),
      `it ends within ${EXTENSION_YEARS_MAX} years of the first end`,
      `延期不得超过 ${EXTENSION_YEARS_MAX} 年`,
    ],
    [
      'growthPercent',
      state === 'granted' &&
        !(
          Math.max(growthPercent?.persons ?? Infinity, growthPercent?.importantBytes ?? Infinity) <= GROWTH_PERCENT_MAX
        ),
      `persons and important data have grown by ${GROWTH_PERCENT_MAX} % at most`,
      `人数和重要数据规模增长均不超过 ${GROWTH_PERCENT_MAX}%`,
    ],
    [
      'isUnchanged',
      state === 'granted' && isUnchanged !== 'yes',
      'purpose, scope, parties and contract are as approved, without a major incident',
      '目的、范围、当事方、合同均未变更，且未发生重大事件',
    ],
  ];
  return wrong.flatMap(([key, is, en, zh]) => (is ? [{ key: `extension.${key}`, problem: bilingual(en, zh) }] : []));
}

interface Extension {
  readonly appliedOn: CivilDate;
  readonly state: 'applied' | 'granted' | 'refused';
  readonly until?: CivilDate;
  readonly growthPercent?: { readonly persons: number; readonly importantBytes: number };
  readonly isUnchanged?: 'yes' | 'no' | 'unknown';
}

const EXTENSION_YEARS_MAX = 3;
const GROWTH_PERCENT_MAX = 20;

/** A reading that only the operator's file can switch is no matter of one document: what was counted rests on it. */
function switchable({ reading }: EntryBody): readonly Objection[] {
  if (SIGNED_READINGS.some((id) => id === reading)) return [];
  const problem = bilingual(
    `\`reading\` is none of ${SIGNED_READINGS.join(', ')}; others are switched by the operator's file (docs/law.md)`,
    `\`reading\` 须为 ${SIGNED_READINGS.join('、')} 之一；其他解读由运营者文件切换（docs/law.md）`,
  );
  return [{ key: 'reading', problem }];
}

/** What comes from Hong Kong, Macao or Taiwan comes from abroad. */
function fromAbroad({ origin }: EntryBody): readonly Objection[] {
  if (origin !== 'CN') return [];
  return [
    { key: 'origin', problem: bilingual('what comes from the mainland is not in transit', '境内数据不属于过境') },
  ];
}

function eachKindOnce({ necessity }: EntryBody): readonly Objection[] {
  const kinds = (necessity as readonly { readonly kind: string }[]).map((one) => one.kind);
  if (new Set(kinds).size === kinds.length) return [];
  return [{ key: 'necessity', problem: bilingual('a kind of field stands there twice', '数据种类重复') }];
}

/** The rules count in days; an emergency that runs longer is none. */
function atMostDays({ startedAt, endsAt }: EntryBody): readonly Objection[] {
  if (momentOf(String(endsAt)) - momentOf(String(startedAt)) <= URGENT_DAYS_MAX * DAY_MS) return [];
  const problem = bilingual(`it runs for more than ${URGENT_DAYS_MAX} days`, `持续超过 ${URGENT_DAYS_MAX} 天`);
  return [{ key: 'endsAt', problem }];
}

/** A second profile brings in persons who could confirm: one person does not. */
function standsBesideAnother({ id }: EntryBody, entries: readonly RegisterEntry[]): boolean {
  return entries.some((other) => other.id !== id && !other.isWithdrawn);
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
