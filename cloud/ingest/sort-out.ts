import type { AcknowledgedRange } from '../../proto/codec/control-codec.ts';
import { MINUTE_MS } from '../../proto/codec/sensor-frames.ts';
import type { CellFrame, FrameContent, SealedBatch, Step } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import type { Instant } from '../../proto/words/time.ts';
import { isTerminalField } from '../catalogue/catalogue.ts';
import type { ObservedContent } from '../classification/observed.ts';
import { createPartitioner } from '../partition/partition.ts';
import type { ConsentNote } from '../ports/consent-register.ts';
import type { Sender } from '../ports/device-register.ts';
import type { BatchNote, Extents, Ledger, LedgerChange } from '../ports/ledger.ts';
import type { UpdateNote } from '../ports/update-register.ts';
import type { NewZoneRecord, QuarantinedPayload, RecordKey } from '../ports/zone-store.ts';
import type { Claim } from './admit.ts';
import { consentNotes } from './consent-notes.ts';
import { bounded, countMissing, countOf, EXTENTS_MAX, missingFrom, withRange } from './extents.ts';
import type { RejectionCode } from './rejections.ts';
import { updateNotes } from './update-notes.ts';

/** One payload, admitted or refused, on its way to the disk. */
export interface Arrival {
  readonly device: Sender;
  readonly payload: Uint8Array;
  readonly receivedAt: Instant;
  /** Undefined when it could not be decoded. */
  readonly batch: SealedBatch | undefined;
  readonly rejection: RejectionCode | undefined;
  /** What a batch with a bad signature says it is; good for telling its sender and for nothing else. */
  readonly claim?: Claim | undefined;
}

/** What one device is told after a group is durable. */
export interface GroupAcknowledgement {
  readonly device: Sender;
  readonly epoch: number;
  readonly ranges: AcknowledgedRange[];
}

/** What a group of arrivals comes to, and where each part of it goes. Nothing is written yet. */
export interface SortedGroup {
  readonly cells: readonly { readonly key: RecordKey; readonly cell: CellFrame }[];
  readonly records: ReadonlyMap<Exclude<Zone, 'quarantine'>, readonly NewZoneRecord[]>;
  readonly quarantined: readonly QuarantinedPayload[];
  readonly consents: readonly ConsentNote[];
  readonly updates: readonly UpdateNote[];
  readonly changes: readonly LedgerChange[];
  readonly notes: readonly BatchNote[];
  readonly acknowledgements: readonly GroupAcknowledgement[];
  readonly counts: GroupCounts;
  /** When the last of them came. */
  readonly at: Instant;
}

/** What a group adds to the totals of the ledger. */
export interface GroupCounts {
  readonly framesAdmitted: number;
  readonly duplicates: number;
  readonly framesDroppedByVehicles: number;
}

export interface SortingParts {
  /** Sequences of a device and epoch that are durable. */
  readonly extents: Ledger['extents'];
  /** Sequences that the device says it gave up. */
  readonly dropped: Ledger['dropped'];
  /** Counts a frame that was never counted. */
  readonly observe: (deviceNumber: number, content: ObservedContent) => void;
  /** For who sorts out many groups; without it the group has one of its own. */
  readonly partitioner?: ReturnType<typeof createPartitioner>;
}

/** Says of each frame of a group whether it is new, what zone keeps it and what the ledger will say of it. */
export function sortOut(arrivals: readonly Arrival[], parts: SortingParts): SortedGroup {
  const group: Group = {
    parts,
    partition: parts.partitioner ?? createPartitioner(),
    cells: [],
    records: new Map(),
    quarantined: [],
    consents: [],
    updates: [],
    extents: new Map(),
    notes: [],
    acknowledgements: new Map(),
    counts: { framesAdmitted: 0, duplicates: 0, framesDroppedByVehicles: 0 },
  };
  for (const arrival of arrivals) takeIn(group, arrival);
  return {
    ...group,
    changes: [...group.extents.values()],
    acknowledgements: [...group.acknowledgements.values()],
    at: latestOf(arrivals),
  };
}

const latestOf = (arrivals: readonly Arrival[]): Instant =>
  arrivals.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), 0) as Instant;

interface Group {
  readonly parts: SortingParts;
  readonly partition: ReturnType<typeof createPartitioner>;
  readonly cells: { readonly key: RecordKey; readonly cell: CellFrame }[];
  readonly records: Map<Exclude<Zone, 'quarantine'>, NewZoneRecord[]>;
  readonly quarantined: QuarantinedPayload[];
  readonly consents: ConsentNote[];
  readonly updates: UpdateNote[];
  readonly extents: Map<string, LedgerChange>;
  readonly notes: BatchNote[];
  readonly acknowledgements: Map<string, GroupAcknowledgement>;
  counts: GroupCounts;
}

function takeIn(group: Group, arrival: Arrival): void {
  const { batch, device } = arrival;
  if (batch === undefined) {
    takeRefused(group, arrival);
    return;
  }
  const name = `${device.number}/${batch.epoch}`;
  const extents = group.extents.get(name)?.extents ?? group.parts.extents(device.number, batch.epoch);
  const from = batch.firstSequence;
  const to = from + batch.frames.length;
  const missing = missingFrom(extents, from, to);
  const fresh = countOf(missing);
  const grown = withRange(extents, from, to);
  const isTooScattered = grown.length > EXTENTS_MAX;
  const rejection = arrival.rejection ?? (isTooScattered ? 'SEQUENCE_GAPS' : undefined);
  acknowledge(group, arrival, batch.epoch, {
    firstSequence: from,
    count: to - from,
    quarantined: rejection !== undefined,
  });
  // Refused content is evidence even when its sequences are held already; then it counts for nothing more.
  if (rejection !== undefined) quarantine(group, arrival, rejection, fresh);
  else keepFrames(group, arrival, batch, missing);
  if (rejection === undefined && fresh > 0) {
    group.consents.push(...consentNotes(batch, device.number, arrival.receivedAt));
    group.updates.push(...updateNotes(batch, device.number));
  }
  group.counts = {
    ...group.counts,
    framesAdmitted: group.counts.framesAdmitted + (rejection === undefined ? fresh : 0),
    duplicates: group.counts.duplicates + (to - from - fresh),
  };
  if (fresh === 0) return;
  noteBatch(group, arrival, batch, rejection === undefined);
  if (isTooScattered) return;
  const lost = group.extents.get(name)?.dropped ?? group.parts.dropped(device.number, batch.epoch);
  const dropped = withDrops(lost, batch);
  noteDrops(group, countMissing(dropped, grown) - countMissing(lost, extents));
  const change = { deviceNumber: device.number, epoch: batch.epoch, extents: grown };
  group.extents.set(name, dropped.length === 0 ? change : { ...change, dropped });
}

/**
 * A vehicle tells of a drop until it knows that it was heard, and each time of all of it: told twice is lost once. It
 * numbers a batch after all that it gave up by then, so whatever it says of later sequences counts for nothing.
 */
function withDrops(known: Extents, { drops, firstSequence: before }: SealedBatch): Extents {
  let dropped = known;
  for (const { firstSequence, count } of drops)
    dropped = bounded(withRange(dropped, firstSequence, Math.min(firstSequence + count, before)));
  return dropped;
}

/** @param change - below zero where something came that had been given up: an acknowledgement had been lost, and the spool was full */
function noteDrops(group: Group, change: number): void {
  const framesDroppedByVehicles = group.counts.framesDroppedByVehicles + change;
  group.counts = { ...group.counts, framesDroppedByVehicles };
}

/** The ledger learns nothing of it: a sequence that nobody signed must not stand in the way of the signed one. */
function takeRefused(group: Group, arrival: Arrival): void {
  const { claim, rejection } = arrival;
  quarantine(group, arrival, rejection ?? 'FRAME_SCHEMA', claim?.count ?? 1);
  if (claim === undefined) return;
  const { epoch, firstSequence, count } = claim;
  acknowledge(group, arrival, epoch, { firstSequence, count, quarantined: true });
}

function keepFrames(group: Group, { device, receivedAt }: Arrival, batch: SealedBatch, missing: Extents): void {
  const isCounted = batch.steps.some(({ stage }) => stage === COUNTED_CELLS);
  for (const [from, to] of missing) {
    for (let sequence = from; sequence < to; sequence += 1) {
      const frame = batch.frames[sequence - batch.firstSequence];
      if (frame === undefined) continue;
      const key = { deviceNumber: device.number, epoch: batch.epoch, sequence };
      // A sequence that the ledger does not have was never counted: what counts it and what admits it are one commit.
      group.parts.observe(device.number, observedOf(frame, receivedAt));
      if (isCounted && frame.kind === 'cell') group.cells.push({ key, cell: frame });
      else keepFrame(group, { key, receivedAt }, frame);
    }
  }
}

/** A statement of withdrawal has no time of its own, and a report of an update is looked at as its kind; readings of a terminal are of kinds, and of no path of VSS. */
function observedOf(frame: FrameContent, receivedAt: Instant): ObservedContent {
  if (frame.kind === 'withdrawal') return { kind: 'of-kind', of: [frame.kind], observedAt: receivedAt };
  if (frame.kind === 'update')
    return { kind: 'of-kind', of: [frame.kind], observedAt: (frame.minute * MINUTE_MS) as Instant };
  if (frame.kind !== 'signals' || !isTerminalField(frame.signals[0]?.path ?? '')) return frame;
  return { kind: 'of-kind', of: [...new Set(frame.signals.map(({ path }) => path))], observedAt: frame.observedAt };
}

/** The step of the preset whose cells nobody may join: of each of them nothing is kept but that it was there. */
const COUNTED_CELLS = 'position-strict-map';

function keepFrame(
  group: Group,
  { key, receivedAt }: { readonly key: RecordKey; readonly receivedAt: Instant },
  frame: FrameContent,
): void {
  for (const { zone, retention, content } of group.partition(frame)) {
    const record = { key, receivedAt, content, retention };
    const records = group.records.get(zone);
    if (records === undefined) group.records.set(zone, [record]);
    else records.push(record);
  }
}

function quarantine(group: Group, arrival: Arrival, reason: RejectionCode, frames: number): void {
  const { device, payload, receivedAt, batch } = arrival;
  const isSealed = batch !== undefined;
  group.quarantined.push({ deviceNumber: device.number, receivedAt, reason, frames, isSealed, payload });
}

function acknowledge(group: Group, { device }: Arrival, epoch: number, range: AcknowledgedRange): void {
  const name = `${device.number}/${epoch}`;
  const known = group.acknowledgements.get(name);
  if (known !== undefined) known.ranges.push(range);
  else group.acknowledgements.set(name, { device, epoch, ranges: [range] });
}

/** @param isAdmitted - what is refused is noted as it came, and says nothing of the vehicle's standing */
function noteBatch(group: Group, { device, receivedAt }: Arrival, batch: SealedBatch, isAdmitted: boolean): void {
  const { epoch, firstSequence, policyId, policyVersion, steps, removals, spool } = batch;
  const count = batch.frames.length;
  group.notes.push({
    deviceNumber: device.number,
    epoch,
    firstSequence,
    count,
    receivedAt,
    policyId,
    policyVersion,
    steps: [...steps, ...basisStep(batch)],
    removals,
    ...(isAdmitted && spool && { spool }),
  });
}

/** Purpose, consent and mark stand beside what was done: many batches share them, and the ledger keeps each text once. */
function basisStep({ purpose, consent, attestation }: SealedBatch): readonly Step[] {
  if (purpose === undefined) return [];
  const words = [
    `purpose=${purpose}`,
    ...(consent === undefined ? [] : [`consent=${consent}`]),
    ...(attestation === undefined ? [] : [`state-recognised=${attestation.id} certificate=${attestation.certificate}`]),
  ];
  return [{ stage: 'basis', parameters: words.join(' ') }];
}
