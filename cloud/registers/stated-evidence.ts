import { type CivilDate, civilDateOf } from '../../proto/words/time.ts';
import { addDays } from '../transfer/civil-days.ts';
import type { FactsInput } from '../transfer/facts.ts';
import { mayApprove } from './authority.ts';
import type { EvidenceFor, RegisterReads } from './exemption-evidence.ts';
import { followUpOf } from './follow-up.ts';
import type { EntryBody, RegisterEntry } from './kind.ts';
import { isBacked } from './on-file-entries.ts';
import { momentOf } from './words.ts';

type Evidence = FactsInput['onFile'][number];

/** Data that came from abroad and goes out as the tree that was registered. */
export function ofTransit(entry: RegisterEntry, { on, dataset }: EvidenceFor): readonly Evidence[] {
  const body = entry.body as TransitBody;
  if (body.validUntil <= on) return [];
  return [
    {
      kind: 'exemption-1-evidence',
      id: `transit/${entry.id}`,
      validFrom: civilDateOf(momentOf(body.receivedAt)),
      validUntil: body.validUntil,
      recipients: [...body.recipients],
      datasets: [dataset.id],
      purposes: [...dataset.purposes],
      inboundManifestSha256: body.inboundManifestSha256,
      origin: body.origin,
      receivedAt: body.receivedAt,
      lineage: LINEAGE[body.domesticSources],
      outboundSha256: body.outboundSha256,
    },
  ];
}

const LINEAGE = { no: 'foreign-only', yes: 'touches-domestic', unknown: 'unknown' } as const;

/**
 * Evidence of exemptions 2 to 4 that names the dataset, as it stands at one instant. Whether every field is needed is taken
 * from what the data in hand is, and not from what was expected when the entry was made.
 */
export function statedEvidence(of: EvidenceFor, reads: RegisterReads): readonly Evidence[] {
  const standing = (kind: string) =>
    reads.registers
      .list(kind)
      .filter((entry) => !entry.isWithdrawn && isOfDataset(entry.body, of) && isBacked(entry, reads.documents));
  return [
    ...standing('individual-contract').flatMap((entry) => ofContract(entry, of, reads)),
    ...standing('labour-basis').map((entry) => ofLabour(entry, of)),
    ...standing('urgent-need').flatMap((entry) => ofNeed(entry, of, reads)),
  ];
}

const isOfDataset = ({ datasets }: EntryBody, { dataset }: EvidenceFor): boolean =>
  (datasets as readonly string[]).includes(dataset.id);

function scopeOf({ kind, id, body }: RegisterEntry) {
  const { recipients, datasets, purposes } = body as ScopedBody;
  return {
    id: `${kind}/${id}`,
    recipients: [...recipients],
    datasets: [...datasets],
    purposes: [...purposes],
  };
}

/** A contract of which the notice is gone shows no longer what persons were told; more persons than are parties are not all parties. */
function ofContract(
  entry: RegisterEntry,
  of: EvidenceFor,
  { registers, documents }: RegisterReads,
): readonly Evidence[] {
  const body = entry.body as ContractBody;
  const notice = noticeOf(body, of, { registers, documents });
  if (notice === undefined) return [];
  return [
    {
      kind: 'exemption-2-evidence',
      ...scopeOf(entry),
      validFrom: body.validFrom,
      validUntil: body.validUntil,
      contract: body.contract,
      noticeVersion: String(notice.body['version']),
      individualIsParty: areCovered(of, body.individuals),
      necessity: necessityOf(body, of),
    },
  ];
}

/** The notice that a contract names, while it stands and is one for the transfer. */
function noticeOf(
  { notice }: ContractBody,
  of: EvidenceFor,
  { registers, documents }: RegisterReads,
): RegisterEntry | undefined {
  const entry = registers.find('notice', notice);
  return entry !== undefined && isBacked(entry, documents) && isNoticeOf(entry.body, of) ? entry : undefined;
}

/** Why an entry that stands makes no evidence at this instant; undefined where it makes some. */
export function whyNoEvidence(
  entry: RegisterEntry,
  of: EvidenceFor,
  reads: RegisterReads,
): 'not-begun' | 'ended' | 'not-approved' | 'notice-missing' | undefined {
  if (entry.kind === 'individual-contract') {
    return noticeOf(entry.body as ContractBody, of, reads) === undefined ? 'notice-missing' : undefined;
  }
  if (entry.kind !== 'urgent-need' || of.at === undefined) return undefined;
  const { startedAt, endsAt, approvedBy } = entry.body as NeedBody;
  if (of.at < momentOf(startedAt)) return 'not-begun';
  if (of.at >= momentOf(endsAt)) return 'ended';
  return mayApprove(approvedBy, reads.matrix, of.on) ? undefined : 'not-approved';
}

function isNoticeOf(body: EntryBody, { on, dataset, recipient }: EvidenceFor): boolean {
  const { recipients, datasets, validFrom, validUntil } = body as ScopedBody & DatedBody;
  return recipients.includes(recipient) && datasets.includes(dataset.id) && validFrom <= on && on < validUntil;
}

function ofLabour(entry: RegisterEntry, of: EvidenceFor): Evidence {
  const { rules, collectiveContract, employees, validFrom, validUntil, necessity } = entry.body as LabourBody;
  const isAdopted = rules !== undefined && rules.adoptedOn <= of.on;
  const isSigned =
    collectiveContract !== undefined && collectiveContract.signedOn <= of.on && of.on < collectiveContract.validUntil;
  // Rules for employees are none for whoever else is in the data.
  const areEmployees = areCovered(of, employees) === 'yes';
  return {
    kind: 'exemption-3-evidence',
    ...scopeOf(entry),
    validFrom,
    validUntil,
    labourRules: !isAdopted || rules.lawful === 'no' ? 'missing' : rules.lawful === 'yes' ? 'lawful' : 'unknown',
    collectiveContract: isSigned ? 'signed' : 'missing',
    necessity: areEmployees ? necessityOf({ necessity }, of) : 'unknown',
  };
}

/**
 * It stands for the day of the request, ends to the millisecond, and needs an approver who may approve today; one that goes on
 * with another needs a second person as well.
 */
function ofNeed(entry: RegisterEntry, of: EvidenceFor, reads: RegisterReads): readonly Evidence[] {
  const { registers, matrix } = reads;
  const { approvedBy, protects, incident, necessity } = entry.body as NeedBody;
  if (of.at === undefined || whyNoEvidence(entry, of, reads) !== undefined) return [];
  return [
    {
      kind: 'exemption-4-evidence',
      ...scopeOf(entry),
      validFrom: of.on,
      validUntil: addDays(of.on, 1),
      incident,
      approvedBy,
      protects,
      necessity: necessityOf({ necessity }, of),
      follows: followUpOf(entry, registers.list(entry.kind), matrix, of.on),
    },
  ];
}

function necessityOf({ necessity }: Pick<ContractBody, 'necessity'>, { dataset }: EvidenceFor) {
  const needed = new Set(necessity.map(({ kind }) => kind));
  return dataset.kinds.every((kind) => needed.has(kind)) ? 'every-field' : 'not-every-field';
}

function areCovered({ persons }: EvidenceFor, most: number): 'yes' | 'no' | 'unknown' {
  if (persons === undefined || persons === 'unknown') return 'unknown';
  return persons <= most ? 'yes' : 'no';
}

interface ScopedBody extends EntryBody {
  readonly recipients: readonly string[];
  readonly datasets: readonly string[];
  readonly purposes: readonly string[];
}

interface DatedBody {
  readonly validFrom: CivilDate;
  readonly validUntil: CivilDate;
}

interface TransitBody extends EntryBody {
  readonly origin: string;
  readonly receivedAt: string;
  readonly inboundManifestSha256: string;
  readonly outboundSha256: string;
  readonly domesticSources: keyof typeof LINEAGE;
  readonly validUntil: CivilDate;
  readonly recipients: readonly string[];
}

interface ContractBody extends EntryBody, DatedBody {
  readonly contract: string;
  readonly individuals: number;
  readonly notice: string;
  readonly necessity: readonly { readonly kind: string }[];
}

interface LabourBody extends EntryBody, DatedBody {
  readonly rules?: { readonly adoptedOn: CivilDate; readonly lawful: 'yes' | 'no' | 'unknown' };
  readonly collectiveContract?: { readonly signedOn: CivilDate; readonly validUntil: CivilDate };
  readonly employees: number;
  readonly necessity: ContractBody['necessity'];
}

interface NeedBody extends EntryBody {
  readonly incident: string;
  readonly approvedBy: string;
  readonly protects: 'life' | 'health' | 'property';
  readonly startedAt: string;
  readonly endsAt: string;
  readonly necessity: ContractBody['necessity'];
}
