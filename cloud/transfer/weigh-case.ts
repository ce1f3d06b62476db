import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type CivilDate, civilDateOf, civilYearOf, type Instant, startOfDay } from '../../proto/words/time.ts';
import { wholeTitle } from '../../proto/words/title.ts';
import type { Classification } from '../classification/classification.ts';
import { withGroup } from '../counting/with-group.ts';
import type { Parcel } from '../datasets/build-parcel.ts';
import type { DatasetContents } from '../datasets/contents.ts';
import type { CountRequest } from '../ports/transfer-register.ts';
import { assembleFacts, type CountedPersons, kindsInHand } from './assemble-facts.ts';
import { chooseOnFile } from './choose-on-file.ts';
import { decide } from './decide.ts';
import type { ExportGateParts, TransferRequest } from './export-gate.ts';
import { type FactsInput, parseFacts, type TransferFacts } from './facts.ts';
import { noFacts } from './gate-faults.ts';
import { registeredWithKey } from './sealed-to.ts';
import type { Verdict } from './verdict.ts';

/** A parcel and all that it is decided by. */
export interface Case {
  readonly request: TransferRequest;
  readonly transferId: string;
  readonly contents: DatasetContents;
  readonly at: Instant;
  readonly parcel: Parcel | undefined;
  /** It was permitted before and is decided anew: its own reservation is not counted beside it. */
  readonly isReserved?: boolean;
}

export interface WeighedCase extends Weighed {
  readonly facts: TransferFacts;
  readonly verdict: Verdict;
  /** The state of the counts that it rests on, or an earlier one. */
  readonly countedAt: number;
}

/** Puts the facts of a case together as they are now, and decides. Nothing is written. */
export function weighCase(one: Case, parts: ExportGateParts): Result<WeighedCase, Fault> {
  // Before anything is counted: what moves from here on makes a permit impossible.
  const countedAt = parts.transfers.counted();
  const persons = one.parcel?.persons ?? parts.personsOf(parts.vinsOf(one.request.dataset));
  // A pool of many vehicles counts nobody; a dataset that was not built, or files, may hold anybody.
  const isUncounted = one.parcel === undefined ? persons.length === 0 : one.contents.isUnsettled;
  const counted = isUncounted ? 'unknown' : countOf(one, 'plain', persons, parts);
  const signOffs = signOffsOn(one.at, parts);
  const readings = Object.fromEntries(signOffs.map(({ reading }) => [reading, 'other']));
  const classification = parts.classify(one.request.dataset, one.contents, one.at, counted, readings);
  // What may be sensitive is counted as if it were.
  const isSensitive = one.contents.classes.has('sensitive') || classification.sensitive !== 'absent';
  const facts = factsOf(one, { persons, counted, classification, isSensitive }, signOffs, parts);
  if (!facts.ok) return facts;
  const verdict = decide(facts.value, parts.rules);
  return ok({ facts: facts.value, verdict, countedAt, persons, counted, classification, isSensitive });
}

/** Writes a verdict down. `approvals`: where those stand in the log that it was decided anew upon. */
export function logVerdict(
  one: Case,
  { facts, verdict, classification }: WeighedCase,
  by: { readonly actor: string; readonly approvals: readonly number[] },
  { operations, permits }: ExportGateParts,
): Result<{ readonly index: number; readonly hash: Uint8Array | undefined }, Fault> {
  const manifestSha256 = hexOf(one.parcel?.manifestSha256);
  const issued = { issue: permits.issue, requestedBy: one.request.requestedBy, approvals: by.approvals };
  const document = { facts, verdict, manifestSha256, scale: scaleOf(one), classification, ...issued };
  const logged = operations.append([{ kind: 'verdict', transferId: one.transferId, actor: by.actor, document }]);
  return logged.ok ? ok({ index: logged.value.firstIndex, hash: logged.value.leafHashes[0] }) : logged;
}

interface Weighed {
  readonly persons: readonly Uint8Array[];
  readonly counted: CountedPersons | 'unknown';
  readonly classification: Classification;
  readonly isSensitive: boolean;
}

/** Persons of a year with these. */
function countOf(
  one: Case,
  kind: CountRequest['kind'],
  persons: readonly Uint8Array[],
  { transfers, groupCounts, countScope }: ExportGateParts,
): CountedPersons | 'unknown' {
  const year = civilYearOf(one.at);
  const self = one.isReserved === true ? one.transferId : undefined;
  const scope = countScope(civilDateOf(one.at));
  const own = { ...transfers.project({ year, kind, persons }, scope, self), transfer: persons.length };
  return withGroup(own, groupCounts(year), kind);
}

function factsOf(
  one: Case,
  { persons, counted, classification, isSensitive }: Weighed,
  signOffs: FactsInput['signOffs'],
  parts: ExportGateParts,
): Result<TransferFacts, Fault> {
  const { recipient, dataset, purpose, claims = [] } = one.request;
  const kinds = kindsInHand({ contents: one.contents, classification });
  const hand = { kinds, persons: counted === 'unknown' ? counted : persons };
  const filed = parts.filed(one.request, one.at, hand);
  const { evidence, attested, registered, ciio, withoutConsent } = filed;
  const configured = parts.onFile.filter(({ kind }) => !filed.spokenFor.has(kind));
  const outranked = parts.onFile
    .filter(({ kind }) => filed.spokenFor.has(kind))
    .map(({ kind, id }) => ({ kind, id, why: 'register-speaks' as const }));
  const onFile = chooseOnFile([...evidence, ...filed.onFile, ...configured], one.request);
  const assembled = assembleFacts({
    at: one.at,
    processor: { ...parts.processor, ciio },
    recipient: {
      id: recipient.id,
      country: recipient.country,
      registered: recipient.purposes.includes(purpose)
        ? registeredWithKey(registered, parts.sealedTo(recipient.id), one.parcel)
        : 'no',
    },
    purpose,
    dataset: {
      id: dataset.id,
      title: wholeTitle(dataset.title),
      treeSha256: one.parcel?.treeSha256,
      bytes: one.parcel?.bytes,
    },
    attested,
    claims,
    contents: one.contents,
    classification,
    legalBasis: parts.legalBasis,
    onFile: withCounts(onFile, one, persons, parts),
    setAside: [...filed.setAside, ...outranked],
    withoutConsent,
    signOffs,
    persons: counted,
    sensitivePersons: counted === 'unknown' ? 'unknown' : countOf(one, 'sensitive', isSensitive ? persons : [], parts),
  });
  const joined = parts.joins.with({ ...one, dataset: assembled.dataset, persons, counted, isSensitive });
  const facts = parseFacts(joined === undefined ? assembled : { ...assembled, joined });
  return facts.ok ? facts : fail(facts.fault[0] ?? noFacts());
}

/** Of an assessment that names the transfer, what was counted in its scope since it began: a person may state too little. */
function withCounts(
  onFile: FactsInput['onFile'],
  { request, transferId, isReserved }: Case,
  persons: readonly Uint8Array[],
  { transfers }: Pick<ExportGateParts, 'transfers'>,
): FactsInput['onFile'] {
  const { dataset, recipient, purpose } = request;
  const self = isReserved === true ? transferId : undefined;
  return onFile.map((entry) => {
    if (entry.kind !== 'security-assessment') return entry;
    const { datasets, recipients, purposes, validFrom, scale, volume } = entry;
    if (!datasets.includes(dataset.id) || !recipients.includes(recipient.id) || !purposes.includes(purpose))
      return entry;
    const scope = { datasets, recipients, purposes, since: startOfDay(validFrom as CivilDate) };
    const { before, projected, bytes } = transfers.under(scope, persons, self);
    return {
      ...entry,
      scale: { ...scale, counted: { before, projected } },
      ...(volume === undefined ? {} : { volume: { ...volume, bytesCounted: bytes } }),
    };
  });
}

/** Those of the operator's file, and those of the registers on readings that it leaves alone. */
function signOffsOn(at: Instant, { signOffs, signedOff }: ExportGateParts): FactsInput['signOffs'] {
  const ours = signOffs.filter(({ on }) => on <= civilDateOf(at));
  return [...ours, ...signedOff(at).filter(({ reading }) => ours.every((one) => one.reading !== reading))];
}

/** What a report needs of a parcel that is long gone; nothing of its content. */
function scaleOf({ parcel, contents }: Case): object {
  const classes = contents.isUnsettled ? 'unknown' : [...contents.classes];
  return parcel === undefined
    ? { classes }
    : {
        classes,
        rows: parcel.rows,
        bytes: parcel.bytes,
        persons: parcel.persons.length,
        cells: parcel.families.length,
      };
}

const hexOf = (bytes: Uint8Array | undefined): string | null =>
  bytes === undefined ? null : Buffer.from(bytes).toString('hex');
