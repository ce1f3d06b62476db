import { type CivilDate, civilDateOf, type Instant } from '../../proto/words/time.ts';
import type { DocumentStore } from '../ports/register-store.ts';
import { FIELD_KIND_NAMES } from '../rules/field-kinds.table.ts';
import type { Attested } from '../transfer/assemble-facts.ts';
import { addDays } from '../transfer/civil-days.ts';
import type { FactsInput } from '../transfer/facts.ts';
import type { Matrix } from './authority.ts';
import type { Registers } from './change.ts';
import type { EntryBody, RegisterEntry } from './kind.ts';
import { isBacked } from './on-file-entries.ts';
import { isOpen } from './standing.ts';
import { ofTransit, statedEvidence } from './stated-evidence.ts';
import { momentOf } from './words.ts';

type Evidence = FactsInput['onFile'][number];

/** Registers whose entries can cover imported files, and the kind of files each covers. */
export const ENTRIES_OF_FILES = {
  'source-filing': 'ota-source',
  incident: 'incident-evidence',
  vulnerability: 'vulnerability-report',
  transit: 'document',
} as const;

/** The transfer that evidence is looked for. */
export interface EvidenceFor {
  readonly on: CivilDate;
  readonly at?: Instant;
  readonly recipient: string;
  readonly processor: string;
  /** Distinct persons in the data in hand. */
  readonly persons?: number | 'unknown';
  /** `entry`: `KIND/ID` of the register entry that imported files were taken in under; `kinds`: of field, as the facts name. */
  readonly dataset: {
    readonly id: string;
    readonly purposes: readonly string[];
    readonly entry?: string;
    readonly kinds: readonly string[];
  };
}

export interface RegisterReads {
  readonly registers: Pick<Registers, 'find' | 'list'>;
  readonly documents: Pick<DocumentStore, 'state'>;
  /** The authority matrix that stands. */
  readonly matrix?: Matrix;
}

/** What a person has established of files, by the entry that covers them. */
export function attestedOf(entry: string | undefined, reads: RegisterReads): Attested {
  return (coveringEntry(entry, reads)?.body['contents'] ?? {}) as Attested;
}

/**
 * Evidence of the exemptions as the registers have it on one day; the checks that it has to pass are rules. Most of it stands
 * for that day only, so that whatever falls in a register falls in the next verdict. Entries with a document that changed are
 * left out, and so is what was never reported or filed.
 */
export function exemptionEvidence(of: EvidenceFor, reads: RegisterReads): readonly Evidence[] {
  const entry = coveringEntry(of.dataset.entry, reads);
  const made = entry === undefined ? [] : (OF_FILES[entry.kind as keyof typeof OF_FILES]?.(entry, of, reads) ?? []);
  return [...made, ...statedEvidence(of, reads), ...ofZoneLists(of, reads)];
}

function coveringEntry(name: string | undefined, { registers, documents }: RegisterReads): RegisterEntry | undefined {
  const [kind = '', id = ''] = (name ?? '').split('/');
  const entry = kind in ENTRIES_OF_FILES ? registers.find(kind, id) : undefined;
  return entry !== undefined && isBacked(entry, documents) ? entry : undefined;
}

interface Receipt {
  readonly at: string;
}

function scopeOf({ kind, id }: RegisterEntry, { on, dataset }: EvidenceFor, since: string, recipients: unknown) {
  return {
    id: `${kind}/${id}`,
    validFrom: civilDateOf(momentOf(since)),
    validUntil: addDays(on, 1),
    recipients: (recipients ?? []) as string[],
    datasets: [dataset.id],
    purposes: [...dataset.purposes],
  };
}

const isAmong = (recipients: unknown, { recipient }: EvidenceFor) =>
  Array.isArray(recipients) && recipients.includes(recipient) ? 'yes' : 'no';

const PLATFORMS = { nvdb: 'NVDB', 'nvdb-cavd': 'NVDB-CAVD', none: 'other' } as const;

function ofVulnerability(entry: RegisterEntry, of: EvidenceFor): readonly Evidence[] {
  const { receipt, platform, reportedDatasets, fixingRecipients } = entry.body;
  if (receipt === undefined) return [];
  const { at } = receipt as Receipt;
  return [
    {
      kind: 'exemption-7-evidence',
      ...scopeOf(entry, of, at, fixingRecipients),
      vulnerability: entry.id,
      platform: PLATFORMS[platform as keyof typeof PLATFORMS],
      reportedAt: at,
      reportedSha256: distinct(reportedDatasets),
      recipientFixes: isAmong(fixingRecipients, of),
    },
  ];
}

function ofIncident(entry: RegisterEntry, of: EvidenceFor): readonly Evidence[] {
  const { reports, knownAt, level, reportedDatasets, handlingRecipients } = entry.body;
  const receipts = reports as readonly { readonly to: string; readonly receipt: Receipt }[];
  const receiptAt = (to: string) => receipts.find((one) => one.to === to)?.receipt.at ?? 'unknown';
  return [
    {
      kind: 'exemption-8-evidence',
      ...scopeOf(entry, of, String(knownAt), handlingRecipients),
      incident: entry.id,
      level: level as 'ungraded',
      miitReceiptAt: receiptAt('miit'),
      sectorReceiptAt: receiptAt('sector-regulator'),
      reportedSha256: distinct(reportedDatasets),
      recipientHandles: isAmong(handlingRecipients, of),
    },
  ];
}

const OF_FILES = {
  vulnerability: ofVulnerability,
  incident: ofIncident,
  'source-filing': ofFiling,
  transit: ofTransit,
} as const;

const REASONS = { defect: 'defect', recall: 'recall', feature: 'feature-release' } as const;

function ofFiling(entry: RegisterEntry, of: EvidenceFor, { registers }: RegisterReads): readonly Evidence[] {
  const body = entry.body as FilingBody;
  const { filed, filedSha256, recipients } = body;
  const campaign = registers.find('ota-campaign', body.campaign)?.body as CampaignBody | undefined;
  if (filed === undefined || filedSha256 === undefined) return [];
  // A filing for another defect or package than its campaign's shows nothing of the reason.
  const isOfCampaign =
    campaign?.defectOrRecallNumber === body.defectOrRecallNumber && campaign.packageSha256 === body.packageSha256;
  return [
    {
      kind: 'exemption-9-evidence',
      ...scopeOf(entry, of, filed.at, recipients),
      campaign: body.campaign,
      recall: body.defectOrRecallNumber,
      state: body.state,
      filedAt: filed.at,
      reason: isOfCampaign ? REASONS[campaign.purpose] : 'unknown',
      packageSha256: body.packageSha256,
      sourceTreeSha256: body.sourceTreeSha256,
      filedSha256,
    },
  ];
}

interface FilingBody extends EntryBody {
  readonly campaign: string;
  readonly defectOrRecallNumber: string;
  readonly packageSha256: string;
  readonly sourceTreeSha256: string;
  readonly filedSha256?: string;
  readonly filed?: Receipt;
  readonly recipients?: readonly string[];
  readonly state: 'draft' | 'submitted' | 'filed' | 'superseded' | 'withdrawn';
}

interface CampaignBody extends EntryBody {
  readonly purpose: keyof typeof REASONS;
  readonly defectOrRecallNumber?: string;
  readonly packageSha256: string;
}

/** Of a negative list whose scenario was filed for this dataset. Fields that are no kinds of field cannot be compared. */
function ofZoneLists(of: EvidenceFor, { registers, documents }: RegisterReads): readonly Evidence[] {
  const profile = registers.find('processor', of.processor);
  const isSettled = profile !== undefined && !isOpen(profile, ['freeTradeZone']);
  const zone = (profile?.body as { freeTradeZone?: { zone: string } } | undefined)?.freeTradeZone?.zone;
  return registers
    .list('ftz-list')
    .filter((entry) => !entry.isWithdrawn && isBacked(entry, documents))
    .flatMap((entry) => {
      const list = entry.body as ZoneBody;
      const filings = (list.filings ?? []).filter(({ datasets }) => datasets.includes(of.dataset.id));
      return filings.map(({ scenario, receipt, recipients, datasets, purposes, validUntil }, index): Evidence => {
        const fields = list.scenarios.find(({ id }) => id === scenario)?.fields;
        return {
          kind: 'exemption-6-evidence',
          id: `ftz-list/${entry.id}/${index}`,
          validFrom: civilDateOf(momentOf(receipt.at)),
          validUntil,
          recipients: [...recipients],
          datasets: [...datasets],
          purposes: [...purposes],
          list: entry.id,
          listVersion: list.version,
          scenario,
          registered: !isSettled ? 'unknown' : zone === list.zone ? 'yes' : 'no',
          fields: list.kind === 'negative' ? outside(fields, of.dataset.kinds) : 'unknown',
          filedAt: receipt.at,
        };
      });
    });
}

interface ZoneBody extends EntryBody {
  readonly zone: string;
  readonly version: string;
  readonly kind: 'negative' | 'positive';
  readonly scenarios: readonly { readonly id: string; readonly fields: readonly string[] }[];
  readonly filings?: readonly {
    readonly scenario: string;
    readonly receipt: Receipt;
    readonly recipients: readonly string[];
    readonly datasets: readonly string[];
    readonly purposes: readonly string[];
    readonly validUntil: string;
  }[];
}

function outside(
  fields: readonly string[] | undefined,
  kinds: readonly string[],
): 'all-outside' | 'some-inside' | 'unknown' {
  const isKind = (field: string) => FIELD_KIND_NAMES.some((kind) => kind === field);
  if (fields === undefined || fields.length === 0 || !fields.every(isKind)) return 'unknown';
  return kinds.some((kind) => fields.includes(kind)) ? 'some-inside' : 'all-outside';
}

const distinct = (hashes: unknown): string[] => [...new Set(hashes as readonly string[])];
