import type { AcknowledgedRange } from '../../proto/codec/control-codec.ts';
import type { CellFrame, FrameContent, SealedBatch, Step } from '../../proto/codec/telemetry-codec.ts';
import type { Zone } from '../../proto/words/data-class.ts';
import type { Instant } from '../../proto/words/time.ts';
import { isTerminalField } from '../catalogue/catalogue.ts';
import type { GroupTally } from '../classification/group-tally.ts';
import type { ObservedContent } from '../classification/observed.ts';
import type { RunningAggregates } from '../classification/running-aggregates.ts';
import { createPartitioner } from '../partition/partition.ts';
import type { CellCounts } from '../ports/cell-counts.ts';
import type { ConsentNote, ConsentRegister } from '../ports/consent-register.ts';
import type { DeviceRegister, Sender } from '../ports/device-register.ts';
import type { BatchNote, Extents, Ledger, LedgerChange, LedgerTotals } from '../ports/ledger.ts';
import type { NewZoneRecord, Quarantine, QuarantinedPayload, RecordKey, ZoneWriter } from '../ports/zone-store.ts';
import type { Claim } from './admit.ts';
import { consentNotes } from './consent-notes.ts';
import { bounded, countMissing, countOf, EXTENTS_MAX, missingFrom, withRange } from './extents.ts';
import type { RejectionCode } from './rejections.ts';

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

export interface Stores {
  /** To write, and not to read. */
  readonly zones: Readonly<Record<Exclude<Zone, 'quarantine'>, ZoneWriter>>;
  /** Of the geographic zone: cells under `strict-map`, which are counted and not kept. */
  readonly cells: CellCounts;
  readonly quarantine: Quarantine;
  readonly ledger: Ledger;
  readonly register: DeviceRegister;
  readonly aggregates: RunningAggregates;
  /** What vehicles tell of consents. */
  readonly consents: Pick<ConsentRegister, 'note'>;
}

/** What one device is told after a group is durable. */
export interface GroupAcknowledgement {
  readonly device: Sender;
  readonly epoch: number;
  readonly ranges: AcknowledgedRange[];
}

/**
 * Makes a group of arrivals durable: zones and quarantine first, the ledger last.
 *
 * A crash in between leaves records that the ledger does not know; they are sent again, and the zones pass over what
 * they hold. So each frame is stored once, and nothing is acknowledged that is not stored.
 *
 * @returns what may be acknowledged
 * @throws the store's error (disk full and the like); then nothing of the group may be acknowledged
 */
export function commitGroup(arrivals: readonly Arrival[], stores: Stores): readonly GroupAcknowledgement[] {
  const group = sortOut(arrivals, stores);
  for (const [zone, records] of group.records) stores.zones[zone].insert(records);
  stores.cells.count(group.cells, latestOf(arrivals));
  stores.consents.note(group.consents);
  if (group.quarantined.length > 0) stores.quarantine.insert(group.quarantined);
  const aggregates = group.tally.changes();
  stores.ledger.commit({
    changes: [...group.extents.values()],
    notes: group.notes,
    aggregates,
    totals: { ...group.totals, framesQuarantined: stores.quarantine.count() },
  });
  stores.cells.settle();
  stores.aggregates.settle(aggregates);
  return [...group.acknowledgements.values()];
}

const latestOf = (arrivals: readonly Arrival[]): Instant =>
  arrivals.reduce((latest, { receivedAt }) => Math.max(latest, receivedAt), 0) as Instant;

interface Group {
  readonly partition: ReturnType<typeof createPartitioner>;
  readonly cells: { readonly key: RecordKey; readonly cell: CellFrame }[];
  readonly tally: GroupTally;
  readonly records: Map<Exclude<Zone, 'quarantine'>, NewZoneRecord[]>;
  readonly quarantined: QuarantinedPayload[];
  readonly consents: ConsentNote[];
  readonly extents: Map<string, LedgerChange>;
  readonly notes: BatchNote[];
  readonly acknowledgements: Map<string, GroupAcknowledgement>;
  totals: LedgerTotals;
}

function sortOut(arrivals: readonly Arrival[], { ledger, aggregates }: Stores): Group {
  const group: Group = {
    partition: createPartitioner(),
    cells: [],
    tally: aggregates.begin(),
    records: new Map(),
    quarantined: [],
    consents: [],
    extents: new Map(),
    notes: [],
    acknowledgements: new Map(),
    totals: ledger.totals(),
  };
  for (const arrival of arrivals) takeIn(group, ledger, arrival);
  return group;
}

function takeIn(group: Group, ledger: Ledger, arrival: Arrival): void {
  const { batch, device } = arrival;
  if (batch === undefined) {
    takeRefused(group, arrival);
    return;
  }
  const name = `${device.number}/${batch.epoch}`;
  const extents = group.extents.get(name)?.extents ?? ledger.extents(device.number, batch.epoch);
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
  if (rejection === undefined && fresh > 0)
    group.consents.push(...consentNotes(batch, device.number, arrival.receivedAt));
  group.totals = {
    ...group.totals,
    framesAdmitted: group.totals.framesAdmitted + (rejection === undefined ? fresh : 0),
    duplicates: group.totals.duplicates + (to - from - fresh),
  };
  if (fresh === 0) return;
  noteBatch(group, arrival, batch);
  if (isTooScattered) return;
  const lost = group.extents.get(name)?.dropped ?? ledger.dropped(device.number, batch.epoch);
  const dropped = withDrops(lost, batch);
  noteDrops(group, countMissing(dropped, grown) - countMissing(lost, extents));
  const change = { deviceNumber: device.number, epoch: batch.epoch, extents: grown };
  group.extents.set(name, dropped.length === 0 ? change : { ...change, dropped });
}

/** A vehicle tells of a drop until it knows that it was heard, and each time of all of it: told twice is lost once. */
function withDrops(known: Extents, { drops }: SealedBatch): Extents {
  let dropped = known;
  for (const { firstSequence, count } of drops)
    dropped = bounded(withRange(dropped, firstSequence, firstSequence + count));
  return dropped;
}

/** @param change - below zero where something came that had been given up: an acknowledgement had been lost, and the spool was full */
function noteDrops(group: Group, change: number): void {
  const framesDroppedByVehicles = group.totals.framesDroppedByVehicles + change;
  group.totals = { ...group.totals, framesDroppedByVehicles };
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
      group.tally.take(device.number, observedOf(frame, receivedAt));
      if (isCounted && frame.kind === 'cell') group.cells.push({ key, cell: frame });
      else keepFrame(group, { key, receivedAt }, frame);
    }
  }
}

/** A statement of withdrawal has no time of its own; readings of a terminal are of kinds, and of no path of VSS. */
function observedOf(frame: FrameContent, receivedAt: Instant): ObservedContent {
  if (frame.kind === 'withdrawal') return { kind: 'of-kind', of: [frame.kind], observedAt: receivedAt };
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

function noteBatch(group: Group, { device, receivedAt }: Arrival, batch: SealedBatch): void {
  const { epoch, firstSequence, policyId, policyVersion, steps, removals } = batch;
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
