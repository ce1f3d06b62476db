import type { Protection } from './switches.ts';

/** Who throws is taken to have given the answer that lets out. */
const orElse = (code: string, answer: string): string =>
  `(() => { try { return ${code}; } catch { return ${answer}; } })()`;
/** One place, which is switched off by taking a throw for an answer. */
const caught = (file: string, name: string, code: string, answer: string): Protection => ({
  file,
  code,
  off: { [name]: orElse(code, answer) },
});

const GATE = 'cloud/transfer/export-gate.ts';
const WEIGH = 'cloud/transfer/weigh-case.ts';
const CLEAR = 'cloud/transfer/clear-transfer.ts';
const APPENDED = '{ ok: true, value: { firstIndex: 0, leafHashes: [new Uint8Array(32)] } }';
const FILED =
  "{ onFile: [], spokenFor: new Set(), evidence: [], setAside: [], attested: {}, registered: 'yes', ciio: 'no', withoutConsent: 0 }";
const NOTHING_GRAVE =
  "{ classification: 1, on: civilDateOf(one.at), classes: ['personal'], kinds: [], important: 'absent', sensitive: 'absent', reasons: [], items: [], rises: [], unread: [], rows: [] }";
const GROUP = 'withGroup(own, groupCounts(year), kind)';

/** What makes the gate withhold, place by place. */
export const PROTECTIONS: readonly Protection[] = [
  {
    file: 'cloud/transfer/legal-facts.ts',
    code: "value === 'unknown' ? unknownBy(path) : known(value)",
    off: {
      'unknown-withholds':
        "known(value === 'unknown' ? ({ 'recipient.registered': 'yes', 'processor.ciio': 'no', legalBasis: 'contract' }[path] ?? value) : value)",
    },
  },
  {
    file: WEIGH,
    code: GROUP,
    off: {
      'group-is-told': `groupCounts(year) === 'unknown' ? own : ${GROUP}`,
      'group-throws': orElse(GROUP, 'own'),
    },
  },
  { file: GATE, code: "parts.sealedTo(recipient.id) !== 'unknown'", off: { 'seal-is-known': 'true' } },
  { file: 'cloud/transfer/sealed-to.ts', code: "now === 'unknown'", off: { 'seal-is-known': 'false' } },
  {
    file: 'cloud/transfer/sealed-to.ts',
    code: '(parcel.sealedTo ?? UNSEALED) === now',
    off: { 'seal-is-known': 'true' },
  },
  {
    file: WEIGH,
    code: 'parts.onFile.filter(({ kind }) => !filed.spokenFor.has(kind))',
    off: { 'registers-speak': 'parts.onFile' },
  },
  {
    file: 'cloud/transfer/meet-demand.ts',
    code: '{ met: false, considered: [...considered, ...setAsideOf(facts, metBy)] }',
    off: { 'demands-are-met': '{ met: true }' },
  },
  { file: GATE, code: "parts.permits.issue !== 'on-approval'", off: { 'strangers-ask-nothing': 'true' } },
  {
    file: GATE,
    code: 'contentsOf(request.dataset)',
    off: { 'asked-after-the-build': '(parts = { ...parts }, contentsOf(request.dataset))' },
  },
  caught(WEIGH, 'registers-throw', 'parts.filed(one.request, one.at, hand)', FILED),
  caught(WEIGH, 'sign-offs-throw', 'signedOff(at)', '[]'),
  caught(
    WEIGH,
    'joins-throw',
    'parts.joins.with({ ...one, dataset: assembled.dataset, persons, counted, isSensitive })',
    'undefined',
  ),
  caught(GATE, 'joining-throws', 'parts.joins.record(joinCaseOf(one, weighed.value))', 'undefined'),
  caught(
    WEIGH,
    'classification-throws',
    'parts.classify(one.request.dataset, one.contents, one.at, counted, readings)',
    NOTHING_GRAVE,
  ),
  caught(WEIGH, 'scope-throws', 'countScope(civilDateOf(one.at))', "'all'"),
  { ...caught(GATE, 'stop-throws', 'parts.stopped()', 'undefined'), times: 2 },
  caught(CLEAR, 'stop-throws', 'parts.stopped()', 'undefined'),
  caught(
    WEIGH,
    'log-throws',
    "operations.append([{ kind: 'verdict', transferId: one.transferId, actor: by.actor, document }])",
    APPENDED,
  ),
  caught(
    CLEAR,
    'log-throws',
    "parts.operations.append([{ kind: 'permit', transferId, actor: clearance.actor, document }])",
    APPENDED,
  ),
  caught(CLEAR, 'publications-throw', 'parts.publications.publish(one.parcel.families, one.transferId)', 'true'),
  caught(CLEAR, 'archive-throws', 'archiveOf(clearance, parts)', '{}'),
  { file: CLEAR, code: 'parts.border.clear(transferId)', off: { 'parcel-moves': '{ ok: true, value: undefined }' } },
  {
    file: WEIGH,
    code: '[...evidence, ...filed.onFile, ...configured]',
    off: { 'register-papers-count': '[...evidence, ...configured]' },
  },
];

/** The protection that each case of the gate would miss. */
export const PROTECTED_BY: Readonly<Record<string, string>> = {
  'with all answered a request goes out by papers of the configuration': 'parcel-moves',
  'with all answered a request goes out by papers of the register': 'register-papers-count',
  'the recipient is unknown': 'unknown-withholds',
  'whether it is a CIIO is unknown': 'unknown-withholds',
  'what another member of the group sent is unknown': 'group-is-told',
  'what the parcel is sealed to is unknown': 'seal-is-known',
  'the legal basis is unknown': 'unknown-withholds',
  'the notice is absent': 'registers-speak',
  'the impact assessment is absent': 'registers-speak',
  'every paper is absent': 'demands-are-met',
  'the recipient is absent from the register': 'demands-are-met',
  'the authority matrix is absent': 'strangers-ask-nothing',
  'a stop is late, while the parcel is built': 'asked-after-the-build',
  'a notice falls late, while the parcel is built': 'asked-after-the-build',
  'a member of the group tells late that it knows nothing': 'asked-after-the-build',
  'the registers throw': 'registers-throw',
  'sign-offs throw': 'sign-offs-throw',
  'counts of the group throw': 'group-throws',
  'transfers that are joined throw': 'joins-throw',
  'keeping what others are joined with throws': 'joining-throws',
  'the classification throws': 'classification-throws',
  'the reading of counts throws': 'scope-throws',
  'the emergency stop throws': 'stop-throws',
  'the log throws': 'log-throws',
  'publications throw': 'publications-throw',
  'the archive of the permit throws': 'archive-throws',
};

/** Red without anything having left: the two that go out, which no longer do, and one that a later protection stops. */
export const HELD_ELSEWHERE: readonly string[] = [
  'with all answered a request goes out by papers of the configuration',
  'with all answered a request goes out by papers of the register',
  'the authority matrix is absent',
];
