import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import { addDays } from './civil-days.ts';
import { decide } from './decide.ts';
import { type Exemption, type FactsInput, parseFacts, type TransferFacts } from './facts.ts';
import type { OnFileCheck } from './rule.ts';
import { type RuleBook, type RulesInForce, rulesOn } from './rule-book.ts';
import type { Missing, Verdict } from './verdict.ts';

type Entry = FactsInput['onFile'][number];
type ByEvidence = Exclude<Exemption, 5>;

/** Whether one of the nine exemptions (G26 I(3) para. 3) could carry a planned transfer. */
export interface PlannedExemption {
  readonly exemption: Exemption;
  /** With what is on file, once it is claimed. */
  readonly clears: boolean;
  /** With evidence that passes every check, and all else as it is. */
  readonly couldCarry: boolean;
  /** What the evidence still has to show: of records on file what each of them fails, else every check. */
  readonly evidence: readonly Bilingual[];
  /** What is missing besides the evidence. */
  readonly missing: readonly Missing[];
}

const EXEMPTIONS: readonly Exemption[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** Each exemption by itself, decided as if it alone were claimed. Pure; nothing here lets anything out. */
export function planExemptions(facts: TransferFacts, book: RuleBook): readonly PlannedExemption[] {
  return EXEMPTIONS.map((exemption) =>
    exemption === 5 ? fifth(facts, book) : byEvidence(exemption, facts, rulesOn(book, facts.on), book),
  );
}

/** It is claimed by nobody: the counts are its evidence. */
function fifth(facts: TransferFacts, book: RuleBook): PlannedExemption {
  const verdict = decided({ ...facts, claimedExemptions: [5] }, book);
  const isOpen = verdict?.route === 'exemption-5';
  const missing = verdict?.missing ?? [];
  const couldCarry = isOpen && !isBanned(verdict);
  return { exemption: 5, clears: isOpen && missing.length === 0, couldCarry, evidence: [], missing };
}

function byEvidence(exemption: ByEvidence, facts: TransferFacts, law: RulesInForce, book: RuleBook): PlannedExemption {
  const kind = `exemption-${exemption}-evidence` as const;
  const claimed = { ...facts, claimedExemptions: [exemption] };
  const asItIs = decided(claimed, book);
  const clears = asItIs?.decision === 'permit' && asItIs.under === `exemption-${exemption}`;
  const sha256 = facts.dataset.sha256 ?? HYPOTHETICAL;
  const onFile = [...facts.onFile, bestEvidence(exemption, facts, law, sha256)];
  const atBest = decided({ ...claimed, dataset: { ...facts.dataset, sha256 }, onFile }, book);
  const failed = (asItIs?.missing ?? []).filter(({ what }) => what === kind).flatMap(({ considered }) => considered);
  const evidence = failed.length > 0 ? failed.flatMap(({ problems }) => problems) : checksOf(exemption, facts, law);
  const missing = atBest?.missing ?? [];
  // A route that is free all the same is not carried by it.
  const isOpen = atBest?.route === `exemption-${exemption}` && missing.every(({ what }) => what !== kind);
  return {
    exemption,
    clears,
    couldCarry: clears || (isOpen && !isBanned(atBest)),
    evidence: clears ? [] : evidence,
    missing: clears ? [] : missing.filter(({ what }) => what !== kind),
  };
}

const isBanned = (verdict: Verdict): boolean =>
  verdict.decision === 'withhold' && verdict.because === 'never-exportable';

function decided(facts: object, book: RuleBook): Verdict | undefined {
  const parsed = parseFacts(facts);
  return parsed.ok ? decide(parsed.value, book) : undefined;
}

/** Stands for content that is not in hand yet. */
const HYPOTHETICAL = '0'.repeat(64);

function bestEvidence(exemption: ByEvidence, facts: TransferFacts, law: RulesInForce, sha256: string): Entry {
  const { on, recipient, dataset, purpose } = facts;
  const scoped = {
    id: `planned/exemption-${exemption}`,
    validFrom: on,
    validUntil: addDays(on, 1),
    recipients: [recipient.id],
    datasets: [dataset.id],
    purposes: [purpose],
  };
  const before = `${addDays(on, -1)}T00:00:00+08:00`;
  const named = 'planned';
  const list = law.zoneLists.find(({ version, automotive }) => version !== undefined && automotive === 'yes');
  const all: Readonly<Record<ByEvidence, Entry>> = {
    1: {
      ...{ kind: 'exemption-1-evidence', ...scoped, inboundManifestSha256: sha256, origin: recipient.country },
      ...{ receivedAt: before, lineage: 'foreign-only', outboundSha256: sha256 },
    },
    2: {
      ...{ kind: 'exemption-2-evidence', ...scoped, contract: named, noticeVersion: named },
      ...{ individualIsParty: 'yes', necessity: 'every-field' },
    },
    3: {
      ...{ kind: 'exemption-3-evidence', ...scoped, labourRules: 'lawful' },
      ...{ collectiveContract: 'signed', necessity: 'every-field' },
    },
    4: {
      ...{ kind: 'exemption-4-evidence', ...scoped, incident: named, approvedBy: named },
      ...{ protects: 'life', necessity: 'every-field', follows: 'nothing' },
    },
    6: {
      ...{ kind: 'exemption-6-evidence', ...scoped, list: list?.id ?? named, listVersion: list?.version ?? named },
      ...{ scenario: named, registered: 'yes', fields: 'all-outside', filedAt: before },
    },
    7: {
      ...{ kind: 'exemption-7-evidence', ...scoped, vulnerability: named, platform: 'NVDB-CAVD' },
      ...{ reportedAt: before, reportedSha256: [sha256], recipientFixes: 'yes' },
    },
    8: {
      ...{ kind: 'exemption-8-evidence', ...scoped, incident: named, level: 'larger', miitReceiptAt: before },
      ...{ sectorReceiptAt: before, reportedSha256: [sha256], recipientHandles: 'yes' },
    },
    9: {
      ...{ kind: 'exemption-9-evidence', ...scoped, campaign: named, recall: named, state: 'filed', filedAt: before },
      ...{ reason: 'recall', packageSha256: sha256, sourceTreeSha256: sha256, filedSha256: sha256 },
    },
  };
  return all[exemption];
}

/** Every check that the evidence has to pass, in words. */
function checksOf(exemption: ByEvidence, { dataset }: TransferFacts, law: RulesInForce): readonly Bilingual[] {
  const kind = `exemption-${exemption}-evidence`;
  const words = law.onFile.filter((row) => row.kind === kind).flatMap(({ requires }) => wordsOf(requires));
  const wantsContent = law.onFile.some(
    ({ kind: of, requires: { check } }) => of === kind && (check === 'same-content' || check === 'among-reported'),
  );
  return wantsContent && dataset.sha256 === undefined ? [...words, NO_CONTENT] : words;
}

function wordsOf(check: OnFileCheck): readonly Bilingual[] {
  switch (check.check) {
    case 'states':
      return [bilingual(`\`${check.key}\` is ${check.in.join(' / ')}`, `\`${check.key}\` 为 ${check.in.join(' / ')}`)];
    case 'before-transfer':
      return [bilingual(`\`${check.key}\` lies before the transfer`, `\`${check.key}\` 早于出境时间`)];
    case 'same-content':
      return [bilingual(`\`${check.key}\` is \`dataset.sha256\``, `\`${check.key}\` 与 \`dataset.sha256\` 一致`)];
    case 'among-reported':
      return [bilingual(`\`${check.key}\` names \`dataset.sha256\``, `\`${check.key}\` 包含 \`dataset.sha256\``)];
    case 'personal-only':
      return [bilingual('the dataset is personal information', '数据集为个人信息')];
    case 'kinds-only':
      return [bilingual(`the dataset holds ${check.kinds.join(', ')} only`, `数据集仅含 ${check.kinds.join('、')}`)];
    case 'days':
      return [bilingual(`it runs for ${check.daysMax} days at most`, `有效期不超过 ${check.daysMax} 天`)];
    case 'zone-list':
      return [
        bilingual(
          'a row of the zone list in force that speaks of vehicles and is open to this processor',
          '现行、涉及汽车且适用于该数据处理者的自贸区清单行',
        ),
      ];
    default:
      return [];
  }
}

const NO_CONTENT = bilingual(
  'the content in hand: `dataset.sha256` is not given',
  '尚未提供本次出境内容的 `dataset.sha256`',
);
