import { type CivilDate, civilDateOf, type Instant } from '../proto/words/time.ts';
import type { Registers } from './registers/change.ts';
import { changedRules } from './registers/changed-rules.ts';
import { attestedOf, type EvidenceFor, exemptionEvidence, type RegisterReads } from './registers/exemption-evidence.ts';
import type { RegisterEntry } from './registers/kind.ts';
import { onFileEntries } from './registers/on-file-entries.ts';
import { type Change, changesOf } from './registers/out-of-date.ts';
import { setAsideFor } from './registers/set-aside.ts';
import { kindsSpokenFor } from './registers/spoken-for.ts';
import { ciioOf, registeredParties } from './registers/standing-parties.ts';
import type { TransferRequest } from './transfer/export-gate.ts';
import type { Filed, InHand } from './transfer/fact-sources.ts';
import type { FactsInput } from './transfer/facts.ts';
import type { RuleBook } from './transfer/rule-book.ts';

export interface FiledWith {
  readonly at: Instant;
  readonly hand: InHand;
  readonly processor: FactsInput['processor'];
  readonly reads: RegisterReads & { readonly registers: Registers };
  /** The registers as this transfer looks at them for its documents. */
  readonly own: Registers;
  readonly rules: RuleBook;
  /** Persons who have no consent to the purpose any more. */
  readonly over: readonly Uint8Array[];
}

/** What the registers say of a request and the data in hand, as they stand at this instant. */
export function filedFor(request: TransferRequest, { at, hand, processor, reads, own, rules, over }: FiledWith): Filed {
  const { dataset, recipient, purpose, claims = [] } = request;
  const { registers, documents } = reads;
  const on = civilDateOf(at);
  const entry = dataset.kind === 'files' ? { entry: dataset.entry } : {};
  const persons = hand.persons === 'unknown' ? hand.persons : hand.persons.length;
  const { id, purposes } = dataset;
  const of = { on, at, recipient: recipient.id, processor: processor.id, persons };
  const claimed: EvidenceFor | undefined =
    claims.length === 0 ? undefined : { ...of, dataset: { id, purposes, kinds: hand.kinds, ...entry } };
  const named = { dataset: id, recipient: recipient.id, purpose };
  const against = {
    on,
    changedRules: (since: CivilDate, day: CivilDate, named: readonly string[]) =>
      changedRules(rules, since, day, named),
  };
  return {
    attested: attestedOf(entry.entry, reads),
    registered: registeredParties({ on, purpose, recipient }, registers),
    ciio: ciioOf(processor, registers),
    withoutConsent: withoutConsent(hand.persons, over),
    onFile: onFileEntries(own, documents, against),
    spokenFor: kindsSpokenFor(own, { ...named, ...entry }),
    evidence: claimed === undefined ? [] : [...exemptionEvidence(claimed, reads)],
    setAside: setAsideFor(own, named, reads, claimed),
  };
}

/** How many of the persons in hand are among those without consent; where nobody knows who is in hand, anybody may be. */
function withoutConsent(inHand: InHand['persons'], over: readonly Uint8Array[]): number | 'unknown' {
  if (over.length === 0) return 0;
  if (inHand === 'unknown') return 'unknown';
  const known = new Set(over.map((person) => Buffer.from(person).toString('latin1')));
  return inHand.filter((person) => known.has(Buffer.from(person).toString('latin1'))).length;
}

/**
 * What a document is out of date in, for the agenda: as a verdict would find it, with the kinds of the datasets it names that
 * it does not assess.
 *
 * @param kindsOf - kinds of field of a dataset; undefined where there is no such dataset
 */
export function changedInBy(
  registers: Pick<Registers, 'find'>,
  rules: RuleBook,
  kindsOf: (dataset: string) => readonly string[] | undefined,
): (entry: RegisterEntry, on: CivilDate) => readonly Change[] {
  const { find } = registers;
  return (entry, on) => {
    const { kinds, datasets } = entry.body as { kinds?: readonly string[]; datasets?: readonly string[] };
    const wanted = entry.kind === 'pipia' ? (datasets ?? []).flatMap((id) => kindsOf(id) ?? []) : [];
    const beyond = kinds === undefined ? [] : [...new Set(wanted)].filter((kind) => !kinds.includes(kind));
    return [
      ...changesOf(entry, { find, on, changedRules: (since, day, named) => changedRules(rules, since, day, named) }),
      ...beyond.map((id): Change => ({ what: 'kinds', id })),
    ];
  };
}
