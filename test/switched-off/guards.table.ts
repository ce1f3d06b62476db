import type { Protection } from './switches.ts';

/** What holds an invariant in the product, and who goes red without it. */
export interface Guard {
  readonly name: string;
  readonly world: 'border' | 'fleet';
  /** One that goes red; undefined where none is known, and then `heldBy` says who does. */
  readonly seed: number | undefined;
  readonly heldBy?: string;
  readonly places: readonly Protection[];
}

type Place = readonly [file: string, code: string, off: string, times?: number];

/** Tests that were seen to fail without guards that no seed is known to catch. */
const HELD: readonly (readonly [test: string, ...guards: string[]])[] = [
  ['test/contract/spool.contract.test.ts', 'acknowledged-whole', 'drop-noted'],
  ['test/contract/transfer-register.contract.test.ts', 'counts-stand'],
  ['test/integration-exporter/emergency-stop.test.ts', 'stop-looked-for'],
  ['test/integration-exporter/no-log-no-byte.test.ts', 'attempt-logged'],
  ['test/mqtt/gateway.test.ts', 'content-rechecked'],
  ['test/property/four-eyes.property.test.ts', 'requester-as-it-was', 'row-as-it-was'],
  ['test/unit/cloud/approvals/approvals.test.ts', 'approvals-weighed-again'],
  ['test/unit/cloud/approvals/kept-refusals.test.ts', 'approval-logged', 'rejection-kept-first'],
  ['test/unit/cloud/approvals/permit-watch.test.ts', 'never-left-given-back'],
  ['test/unit/cloud/audit/verify-evidence.test.ts', 'repeated-resumption'],
  ['test/unit/cloud/emergency/gate-stopped.test.ts', 'stop-before-approval', 'stop-while-building'],
  [
    'test/unit/cloud/emergency/resume-exports.test.ts',
    'resumers-as-they-were',
    'stop-marked',
    'stop-revokes',
    'two-persons-resume',
  ],
  ['test/unit/cloud/emergency/stop-exports.test.ts', 'stop-remembered'],
  ['test/unit/cloud/exporter/check-receipt.test.ts', 'receipt-signed'],
  ['test/unit/cloud/exporter/ledger.test.ts', 'end-is-final'],
  ['test/unit/cloud/exporter/open-parcel.test.ts', 'no-other-file'],
  ['test/unit/cloud/exporter/open-permit.test.ts', 'permit-of-this-transfer', 'permit-signed'],
  ['test/unit/cloud/exporter/prepare.test.ts', 'permit-unchanged'],
  ['test/unit/cloud/exporter/traffic.test.ts', 'clock-not-behind-log'],
  ['test/unit/cloud/ingest/admit.test.ts', 'signature'],
  ['test/unit/cloud/ingest/crash.test.ts', 'ledger-last'],
  ['test/unit/cloud/ingest/disk-full.test.ts', 'ledger-before-acknowledgement'],
  ['test/unit/cloud/ingest/recheck-age.test.ts', 'age-rechecked'],
  ['test/unit/cloud/ingest/trust.test.ts', 'barred', 'trust-falls'],
  ['test/unit/cloud/log/writer.test.ts', 'failed-append-settled'],
  ['test/unit/cloud/transfer/never-cleared.test.ts', 'failed-permit-given-back', 'moved-is-permitted', 'permit-logged'],
  [
    'test/unit/cloud/transfer/settle-transfers.test.ts',
    'closing-logged',
    'interrupted-given-back',
    'staged-permit-resumed',
    'unlogged-not-resumed',
  ],
  ['test/unit/edge/agent.test.ts', 'future-refused', 'policy-ends', 'waiting-under-the-old-policy'],
  ['test/unit/edge/consents.test.ts', 'consent-deleted-in-memory', 'consent-read-from-the-spool'],
  ['test/unit/edge/drain.test.ts', 'silence-noticed'],
];

const heldBy = (name: string): Pick<Guard, 'heldBy'> => {
  const test = HELD.find(([, ...guards]) => guards.includes(name))?.[0];
  return test === undefined ? {} : { heldBy: test };
};

const guard = (world: Guard['world'], name: string, seed: number | undefined, ...places: readonly Place[]): Guard => ({
  name,
  world,
  seed,
  ...heldBy(name),
  places: places.map(([file, code, off, times]) => ({ file, code, off: { [name]: off }, ...(times && { times }) })),
});

const APPROVE = 'cloud/approvals/approve.ts';
const EYES = 'cloud/approvals/four-eyes.ts';
const WATCH = 'cloud/approvals/permit-watch.ts';
const CLEAR = 'cloud/transfer/clear-transfer.ts';
const GATE = 'cloud/transfer/export-gate.ts';
const SETTLE = 'cloud/transfer/settle-transfers.ts';
const REGISTER = 'cloud/adapters/sql/transfer-register.ts';
const ATTEMPT = 'cloud/exporter/attempt.ts';
const PREPARE = 'cloud/exporter/prepare.ts';
const TRAFFIC = 'cloud/exporter/traffic.ts';
const WRITER = 'cloud/log/writer.ts';

const JUDGE = 'cloud/ingest/judge.ts';
const GROUP = 'cloud/ingest/group-commit.ts';
const SORT = 'cloud/ingest/sort-out.ts';
const SPOOL = 'edge/adapters/sqlite-spool.ts';
const AGENT = 'edge/agent.ts';
const DRAIN = 'edge/drain.ts';

export const GUARDS: readonly Guard[] = [
  // Approvals
  guard('border', 'two-approvals', 4, [APPROVE, 'standing.length < APPROVALS_MIN', 'standing.length < 1']),
  guard('border', 'no-own-approval', 2, [EYES, 'isSamePerson(requester, row.value.person)', 'false']),
  guard('border', 'two-persons', 2, [
    EYES,
    'standing.some(({ person }) => isSamePerson(person, row.value.person))',
    'false',
  ]),
  guard('border', 'row-as-it-was', undefined, [EYES, '!isAsThen(row.value, eyes.atRequest)', 'false']),
  guard('border', 'requester-as-it-was', undefined, [EYES, 'row.ok && isAsThen(row.value, atRequest)', 'row.ok']),
  guard('border', 'approvals-weighed-again', undefined, [APPROVE, 'standingOf(given, eyes)', 'given']),
  guard('border', 'rejection-kept-first', undefined, [
    APPROVE,
    'parts.transfers.hold(act.transferId, { ...held, rejection })',
    'undefined',
  ]),
  guard('border', 'void-struck-first', undefined, [
    APPROVE,
    'parts.transfers.dropApproval(row.transferId, logIndex)',
    "append('approval-void', { transferId: row.transferId, by: ACTOR }, { account, approvalLeafIndex: logIndex }, parts).ok && parts.transfers.dropApproval(row.transferId, logIndex)",
  ]),
  guard('border', 'approval-logged', undefined, [
    APPROVE,
    "append('approval', act, document, parts)",
    "((at) => (at.ok ? at : ok(0)))(append('approval', act, document, parts))",
  ]),
  // Verdict, counts and permit
  guard('border', 'decided-anew', 25, [APPROVE, "verdict.decision === 'withhold'", 'false']),
  guard('border', 'permit-logged', undefined, [CLEAR, '!logged.ok', 'false']),
  guard('border', 'persons-reserved', 3, [
    REGISTER,
    'sql.hold.run({ transfer_id: transferId, kind, year, route, exempt: isExempt ? 1 : 0, persons: packed })',
    'undefined',
  ]),
  guard('border', 'persons-held-in-memory', 1, [
    REGISTER,
    'for (const holding of holdings) tallies',
    'if (!@off) for (const holding of holdings) tallies',
  ]),
  guard('border', 'counts-stand', undefined, [REGISTER, 'sql.counted.get({})?.counts !== countedAt + 1', 'false']),
  guard('border', 'permit-ends-with-the-year', 3, [
    CLEAR,
    'Math.min(at + hours * HOUR_MS, yearEnds) as Instant',
    '(at + hours * HOUR_MS) as Instant',
  ]),
  guard('border', 'moved-is-permitted', undefined, [
    CLEAR,
    'cleared.ok || parts.border.isCleared(transferId)',
    'cleared.ok',
  ]),
  guard('border', 'failed-permit-given-back', undefined, [GATE, "state === 'permitted'", 'false']),
  guard('border', 'never-cleared', 14, [WATCH, '!border.isCleared(transferId) && !returned.has(transferId)', 'false']),
  guard('border', 'never-left-given-back', undefined, [
    WATCH,
    'if (border.isCleared(transferId)) transfers.',
    'if (@off || border.isCleared(transferId)) transfers.',
  ]),
  guard(
    'border',
    'stop-while-building',
    undefined,
    [GATE, 'parts.stopped() !== undefined', 'false', 2],
    [CLEAR, 'parts.stopped() !== undefined', 'false'],
  ),
  guard(
    'border',
    'stop-before-approval',
    undefined,
    [APPROVE, 'parts.stopped() !== undefined', 'false'],
    [CLEAR, 'parts.stopped() !== undefined', 'false'],
  ),
  // Emergency stop
  guard('border', 'two-resume', 5, [
    'cloud/emergency/resume-exports.ts',
    'standing.length < RESUMES_MIN',
    'standing.length < 1',
  ]),
  guard('border', 'two-persons-resume', undefined, [
    'cloud/emergency/resume-exports.ts',
    'standing.some(({ person }) => isSamePerson(person, row.value.person))',
    'false',
  ]),
  guard('border', 'resumers-as-they-were', undefined, [
    'cloud/emergency/resume-exports.ts',
    '!isAsThen(row.value, record.matrix ?? [])',
    'false',
  ]),
  guard('border', 'stop-marked', undefined, [
    'cloud/emergency/stop-exports.ts',
    'step(() => marked(record, parts));',
    'if (!@off) step(() => marked(record, parts));',
  ]),
  guard('border', 'stop-revokes', undefined, [
    'cloud/emergency/stop-exports.ts',
    'parts.revokePermits();',
    'if (!@off) parts.revokePermits();',
  ]),
  guard('border', 'stop-remembered', undefined, [
    'cloud/emergency/stop-note.ts',
    "if (record !== 'none') return",
    "if (!@off && record !== 'none') return",
  ]),
  guard('border', 'repeated-resumption', undefined, [
    'cloud/audit/resumes-of-log.ts',
    'resumed.get(stop) === JSON.stringify(approvals)',
    'false',
  ]),
  guard(
    'border',
    'gone-counts',
    14,
    [WATCH, "border.isStaged(transferId) ? 'released' : 'counted'", "'released'"],
    [SETTLE, "isStill ? 'released' : 'counted'", "'released'"],
  ),
  // After the permit
  guard('border', 'revocation-marked', 5, [
    WATCH,
    'border.revoke(transferId)',
    '{ ok: true as const, value: undefined }',
  ]),
  guard('border', 'fallen-permit-looked-for', undefined, [WATCH, "verdict.decision === 'permit'", 'true']),
  guard('border', 'staged-permit-resumed', undefined, [
    SETTLE,
    'border.hasPermit(transferId) && border.clear(transferId).ok',
    'false',
  ]),
  guard('border', 'unlogged-not-resumed', undefined, [
    SETTLE,
    'border.hasPermit(transferId) && border.clear(transferId).ok',
    'border.clear(transferId).ok',
  ]),
  guard('border', 'interrupted-given-back', undefined, [
    SETTLE,
    '!cleared && !isReturned(border, transferId)',
    'false',
  ]),
  guard('border', 'staging-cleared-up', 18, [
    SETTLE,
    'if (isOver(transferId)) border.',
    'if (!@off && isOver(transferId)) border.',
  ]),
  guard('border', 'attempted-counts', 7, [
    SETTLE,
    "outcome === 'delivered' || document['attempts'] !== 0",
    "outcome === 'delivered'",
  ]),
  guard('border', 'revocation-logged-first', undefined, [SETTLE, "state === 'permitted' && isRevoked", 'false']),
  guard('border', 'revoked-is-settled', 5, [SETTLE, "(state === 'revoked' && isRevoked)", 'false']),
  guard('border', 'closing-logged', undefined, [SETTLE, '!logged.ok', 'false']),
  // Exporter
  // Seed 1 goes red without it, and its second attempt throws where nobody waits for it, which ends the run as well.
  guard('border', 'one-attempt', undefined, ['cloud/exporter/claims.ts', 'taken.has(id)', 'false']),
  guard('border', 'attempt-logged', undefined, [ATTEMPT, 'logged.ok ? ok(attempt) : logged', 'ok(attempt)']),
  guard('border', 'stop-looked-for', undefined, [ATTEMPT, 'checkStop(outbox)', 'undefined']),
  guard('border', 'expiry-looked-for', 24, [ATTEMPT, 'checkWindow(permit, clock.now())', 'undefined']),
  guard('border', 'revocation-looked-for', 21, [ATTEMPT, 'checkRevocation(outbox, id)', 'undefined']),
  guard('border', 'revocation-before-an-attempt', 5, [PREPARE, 'checkRevocation(options.outbox, id)', 'undefined']),
  guard('border', 'permit-signed', undefined, ['cloud/exporter/open-permit.ts', '!body.ok', 'false']),
  guard('border', 'permit-of-this-transfer', undefined, [
    'cloud/exporter/open-permit.ts',
    'permit.transferId !== check.id',
    'false',
  ]),
  guard('border', 'permit-unchanged', undefined, [
    PREPARE,
    'permitSha256 !== (history.permitSha256 ?? permitSha256)',
    'false',
  ]),
  guard('border', 'manifest-of-permit', undefined, [
    'cloud/exporter/open-parcel.ts',
    'Buffer.compare(digest, expected.manifestSha256) !== 0',
    'false',
  ]),
  guard('border', 'files-of-manifest', 7, [
    'cloud/exporter/open-parcel.ts',
    "whole.digest('hex') !== named.sha256",
    'false',
  ]),
  guard('border', 'no-other-file', undefined, ['cloud/exporter/open-parcel.ts', 'stranger !== undefined', 'false']),
  guard('border', 'clock-not-behind-log', undefined, [
    TRAFFIC,
    'Math.max(clock.now(), traffic.latest()) as Instant',
    'clock.now()',
  ]),
  guard('border', 'end-is-final', undefined, [
    'cloud/exporter/ledger.ts',
    'isFinal((histories.get(transferId) ?? NEW).state)',
    'false',
  ]),
  guard('border', 'receipt-signed', undefined, ['cloud/exporter/check-receipt.ts', '!body.ok', 'false']),
  guard(
    'border',
    'receipt-of-this-transfer',
    14,
    ['cloud/exporter/check-receipt.ts', 'receipt.transferId !== check.id', 'false'],
    ['cloud/exporter/check-receipt.ts', '!isSameManifest', 'false'],
  ),
  guard('border', 'receipt-of-all-bytes', 9, [
    'cloud/exporter/check-receipt.ts',
    'receipt.bytesReceived !== check.totalBytes',
    'false',
  ]),
  // Logs
  guard('border', 'failed-append-settled', undefined, [WRITER, 'settleFailedAppend(files, state, after)', 'ok(state)']),
  guard('border', 'unsigned-entries-recovered', undefined, [
    'cloud/log/recover.ts',
    'rewriteDurably(join(files.directory, ENTRIES_FILE), frameLeaves(tail.leaves), signed.bytes)',
    'undefined',
  ]),
  // Ingest
  guard('fleet', 'signature', undefined, [
    'cloud/ingest/admit.ts',
    '!(isSigned ?? isSignedBy(device, signed.value))',
    'false',
  ]),
  guard('fleet', 'content-rechecked', undefined, [JUDGE, 'recheckBatch(batch, device, receivedAt)', 'undefined']),
  guard('fleet', 'policy-rechecked', 2, [
    JUDGE,
    'recheckPolicy(batch, device.number, receivedAt, against)',
    'undefined',
  ]),
  guard('fleet', 'barred', undefined, [JUDGE, "trust?.of(device.number) === 'barred'", 'false']),
  guard('fleet', 'age-rechecked', undefined, [JUDGE, 'recheckAge(batch, receivedAt, times)', 'undefined']),
  guard('fleet', 'trust-falls', undefined, ['cloud/ingest/trust-keeper.ts', 'fall !== undefined', 'false']),
  guard('fleet', 'held-once', 1, [SORT, 'missingFrom(extents, from, to)', '[[from, to] as const]']),
  guard('fleet', 'zone-holds-once', 5, [
    'cloud/adapters/sqlite-zone-store.ts',
    'held.size === 0 ? records : records.filter(({ key }) => !held.has(key.sequence))',
    'records',
  ]),
  guard(
    'fleet',
    'ledger-last',
    undefined,
    [GROUP, 'stores.zones[zone].insert(records)', 'undefined'],
    [
      GROUP,
      'keepBooks(group, { stores, tally })',
      '(keepBooks(group, { stores, tally }), [...group.records].map(([zone, records]) => stores.zones[zone]["insert"](records)))',
    ],
  ),
  guard('fleet', 'zone-before-acknowledgement', undefined, [
    GROUP,
    'stores.zones[zone].insert(records)',
    '(() => { try { return stores.zones[zone].insert(records); } catch { return 0; } })()',
  ]),
  guard('fleet', 'ledger-before-acknowledgement', undefined, [
    GROUP,
    'ledger.commit({ changes, notes, aggregates, totals, ...(upTo && { upTo }) })',
    '(() => { try { return ledger.commit({ changes, notes, aggregates, totals, ...(upTo && { upTo }) }); } catch { return undefined; } })()',
  ]),
  guard('fleet', 'keys-before-rows', 1, ['cloud/adapters/sqlite-zone-store.ts', 'keys.save()', 'undefined']),
  guard('fleet', 'drops-counted-once', 3, [
    SORT,
    'countMissing(dropped, grown) - countMissing(lost, extents)',
    'countOf(batch.drops.map(({ firstSequence, count }) => [firstSequence, firstSequence + count] as const))',
  ]),
  // Vehicle
  guard('fleet', 'drop-noted', undefined, [SPOOL, "noteDrop(sql, least, oldest, 'spool-full')", 'undefined']),
  guard('fleet', 'notice-kept-until-arrival', undefined, [
    SPOOL,
    'sql.tellNotice.run({ lane, first, count, told: batch.firstSequence })',
    'sql.tellNotice.run({ lane, first, count, told: batch.firstSequence }) && sql.deleteTold.run(lane, batch.firstSequence)',
  ]),
  guard('fleet', 'acknowledged-whole', undefined, [
    SPOOL,
    'batch === undefined || batch.count !== count',
    'batch === undefined',
  ]),
  guard('fleet', 'sent-again', 1, [
    DRAIN,
    'for (const lane of lanes) lane.begin(settings.order);',
    'if (!@off) for (const lane of lanes) lane.begin(settings.order);',
    2,
  ]),
  guard('fleet', 'silence-noticed', undefined, [DRAIN, 'clock.now() - lastHeard > ACKNOWLEDGE_TIMEOUT_MS', 'false']),
  guard('fleet', 'future-refused', undefined, [AGENT, 'frame.at > parts.clock.now() + FUTURE_TOLERANCE_MS', 'false']),
  guard('fleet', 'policy-ends', undefined, [AGENT, 'parts.clock.now() < policy.expiresAt', 'true']),
  guard('fleet', 'waiting-under-the-old-policy', undefined, [
    AGENT,
    "for (const waiting of pending.values()) removals.add('spool-full'",
    "if (!@off) for (const waiting of pending.values()) removals.add('spool-full'",
  ]),
  guard('fleet', 'picture-given-up', 1, ['edge/picture-queue.ts', 'own !== generation', 'false']),
  guard('fleet', 'fix-given-up', 1, ['edge/fix-queue.ts', 'own !== generation', 'false']),
  guard('fleet', 'consent-read-from-the-spool', undefined, [SPOOL, 'consentsInForce === undefined', 'true']),
  guard('fleet', 'consent-deleted-in-memory', undefined, [
    'edge/consent-intake.ts',
    'parts.agent().letGo(goes, purpose, isOver)',
    '0',
  ]),
];
