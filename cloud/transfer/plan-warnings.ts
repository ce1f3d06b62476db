import { type Bilingual, bilingual } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { addDays, workingDayAfter, workingDayBefore } from './civil-days.ts';
import type { OnFileEntry, TransferFacts } from './facts.ts';
import { daysBetween, type Paces } from './pace.ts';
import type { Crossing } from './plan-routes.ts';
import type { Test } from './rule.ts';
import type { RulesInForce } from './rule-book.ts';

/** A date or a share to think of before a planned transfer is asked for. */
export interface PlanWarning {
  readonly code:
    | 'threshold'
    | 'crossing'
    | 'document-ends'
    | 'extension-window'
    | 'scale-filled'
    | 'growth'
    | 'filing-due'
    | 'pipia-age'
    | 'year-ends'
    | 'calendar-missing';
  /** Day that it is about, Asia/Shanghai. */
  readonly on?: CivilDate;
  /** Document on file that it is about. */
  readonly entry?: string;
  readonly text: Bilingual;
}

/** How far ahead documents are looked at. */
export const PLAN_DAYS = 365;
/** Shares of a threshold that are told of, per cent. */
export const SHARES = [100, 90, 80] as const;
/** An assessment is extended while persons have grown by no more than this, per cent (SA-2). */
export const GROWTH_PERCENT_MAX = 20;
/** Working days before its end in which an assessment may be extended (SA-1). */
const EXTENSION_WORKING_DAYS = 60;
/** Working days within which a contract is filed (SCC-1). */
const FILING_WORKING_DAYS = 10;
/** An impact assessment is no older than three months when the contract is filed (SCC-2, from memory and not from a text). */
export const PIPIA_DAYS_MAX = 90;
/** From so many days before its end on, the next year's counts are told of. */
const YEAR_END_DAYS = 60;

/** Everything worth a warning; what is overdue or missing by now the verdict tells by itself. */
export function planWarnings(
  facts: TransferFacts,
  law: RulesInForce,
  crossings: readonly Crossing[],
  paces: Paces,
): readonly PlanWarning[] {
  const covering = facts.onFile.filter(({ datasets }) => datasets.includes(facts.dataset.id));
  return [
    ...thresholds(facts, law),
    ...crossings.flatMap(crossingWarning),
    ...covering.flatMap((entry) => [
      ...ending(entry, facts),
      ...(entry.kind === 'security-assessment'
        ? [...extension(entry, facts, law), ...growth(entry, facts, paces)]
        : []),
      ...(entry.kind === 'standard-contract' ? filing(entry, law) : []),
    ]),
    ...pipiaAge(covering, facts),
    ...yearEnd(facts),
  ];
}

function thresholds({ counts }: TransferFacts, law: RulesInForce): readonly PlanWarning[] {
  const routes = law.rules.filter(({ concern }) => concern === 'route');
  return routes.flatMap(({ id, when }) =>
    when.flatMap((test) => {
      const at = thresholdOf(test);
      const count = at === undefined ? 'unknown' : counts[at.counter];
      if (at === undefined || count === 'unknown') return [];
      const share = SHARES.find((one) => count.projected * 100 >= at.persons * one);
      return share === undefined ? [] : [thresholdWarning(id, share, at.persons, count.projected)];
    }),
  );
}

function thresholdWarning(rule: string, share: number, threshold: number, projected: number): PlanWarning {
  const [with_, of] = [grouped(projected), grouped(threshold)];
  return {
    code: 'threshold',
    text: bilingual(
      `with this transfer ${with_} persons, ${share} % or more of the ${of} of ${rule}`,
      `含本次出境累计 ${with_} 人，已达 ${rule} 阈值 ${of} 人的 ${share}%`,
    ),
  };
}

/** A threshold of one person is no matter of shares. */
function thresholdOf(test: Test): { readonly counter: Crossing['counter']; readonly persons: number } | undefined {
  if (!('atLeast' in test) || test.atLeast === undefined || test.atLeast <= 1) return undefined;
  if (test.fact === 'persons') return { counter: 'persons', persons: test.atLeast };
  return test.fact === 'sensitivePersons' || test.fact === 'sensitivePersonsOfYear'
    ? { counter: 'sensitivePersons', persons: test.atLeast }
    : undefined;
}

function crossingWarning({ on, threshold, rule, method }: Crossing): readonly PlanWarning[] {
  if (on === undefined) return [];
  const at = PACE[method];
  const text = bilingual(
    `at ${at.en} ${grouped(threshold)} persons (${rule}) are reached on ${on}`,
    `${at.zh}将于 ${on} 达到 ${grouped(threshold)} 人（${rule}）`,
  );
  return [{ code: 'crossing', on, text }];
}

function ending({ id, kind, validUntil }: OnFileEntry, { on }: TransferFacts): readonly PlanWarning[] {
  if (validUntil <= on || validUntil > addDays(on, PLAN_DAYS)) return [];
  const text = bilingual(
    `\`${id}\` (${kind}) no longer counts from ${validUntil} on`,
    `\`${id}\`（${kind}）自 ${validUntil} 起失效`,
  );
  return [{ code: 'document-ends', on: validUntil, entry: id, text }];
}

type Of<K extends OnFileEntry['kind']> = Extract<OnFileEntry, { readonly kind: K }>;

function extension(
  { id, validUntil }: Of<'security-assessment'>,
  { on }: TransferFacts,
  { calendars }: RulesInForce,
): readonly PlanWarning[] {
  if (validUntil <= on || validUntil > addDays(on, PLAN_DAYS)) return [];
  const opens = workingDayBefore(validUntil, EXTENSION_WORKING_DAYS, calendars);
  if (opens === 'unknown') return [calendarMissing(id)];
  const text = bilingual(
    `an extension of \`${id}\` is asked for from ${opens} on, in the 60 working days before its end`,
    `\`${id}\` 的延期申请应在届满前 60 个工作日内提出，自 ${opens} 起`,
  );
  return [{ code: 'extension-window', on: opens, entry: id, text }];
}

/** The pace of both kinds, as the scale has them, carried on until the assessment ends. */
function growth(
  { id, validUntil, scale }: Of<'security-assessment'>,
  facts: TransferFacts,
  paces: Paces,
): readonly PlanWarning[] {
  const { persons, sensitivePersons } = facts.counts;
  if (persons === 'unknown' || sensitivePersons === 'unknown' || validUntil <= facts.on) return [];
  // The two may have been found in windows of different lengths: as one fraction.
  const [plain, sensitive] = [paces.persons, paces.sensitivePersons];
  const grown = plain.persons * sensitive.days + sensitive.persons * plain.days;
  const days = plain.days * sensitive.days;
  const stated = scale.personsBefore + persons.transfer + sensitivePersons.transfer;
  const used = Math.max(stated, scale.counted?.projected ?? 0);
  const left = scale.personsMax - used;
  if (grown === 0 || left < 0) return [];
  const filledIn = Math.ceil((left * days) / grown);
  const forecast = used + Math.floor((daysBetween(facts.on, validUntil) * grown) / days);
  const at = PACE[plain.method];
  const warnings: PlanWarning[] = [];
  if (filledIn < daysBetween(facts.on, validUntil)) {
    const on = addDays(facts.on, filledIn);
    const text = bilingual(
      `at ${at.en} the ${grouped(scale.personsMax)} persons of \`${id}\` are reached on ${on}`,
      `${at.zh} \`${id}\` 批准的 ${grouped(scale.personsMax)} 人将于 ${on} 用尽`,
    );
    warnings.push({ code: 'scale-filled', on, entry: id, text });
  }
  if (forecast * 100 > scale.personsMax * (100 + GROWTH_PERCENT_MAX)) {
    const text = bilingual(
      `at ${at.en} \`${id}\` has ${grouped(forecast)} persons at its end, more than ${GROWTH_PERCENT_MAX} % over what was approved: it cannot be extended and is applied for anew`,
      `${at.zh} \`${id}\` 届满时将达 ${grouped(forecast)} 人，增幅超过 ${GROWTH_PERCENT_MAX}%，不符合延期条件，须重新申报`,
    );
    warnings.push({ code: 'growth', on: validUntil, entry: id, text });
  }
  return warnings;
}

function filing({ id, validFrom, filing: { state } }: Of<'standard-contract'>, law: RulesInForce) {
  if (state !== 'not-filed') return [];
  const due = workingDayAfter(validFrom, FILING_WORKING_DAYS, law.calendars);
  if (due === 'unknown') return [calendarMissing(id)];
  const text = bilingual(`\`${id}\` is to be filed by ${due}`, `\`${id}\` 应于 ${due} 前备案`);
  return [{ code: 'filing-due', on: due, entry: id, text } as const];
}

function pipiaAge(covering: readonly OnFileEntry[], { on }: TransferFacts): readonly PlanWarning[] {
  const isFiled = covering.some((entry) => entry.kind === 'standard-contract' && entry.filing.state === 'filed');
  const [latest] = covering
    .filter(({ kind, validFrom }) => kind === 'pipia' && validFrom <= on)
    .toSorted((a, b) => (a.validFrom > b.validFrom ? -1 : 1));
  if (isFiled || latest === undefined || daysBetween(latest.validFrom, on) <= PIPIA_DAYS_MAX) return [];
  const { id, validFrom } = latest;
  const text = bilingual(
    `\`${id}\` is of ${validFrom}: a contract is filed with an impact assessment of the last three months`,
    `\`${id}\` 出具于 ${validFrom}：合同备案所附影响评估应在备案前三个月内完成`,
  );
  return [{ code: 'pipia-age', on: addDays(validFrom, PIPIA_DAYS_MAX), entry: id, text }];
}

function yearEnd({ on, counts: { year } }: TransferFacts): readonly PlanWarning[] {
  const next = `${year + 1}-01-01` as CivilDate;
  if (daysBetween(on, next) > YEAR_END_DAYS) return [];
  const text = bilingual(
    `counts begin anew on ${next}; a permit of this year ends with it`,
    `${next} 起累计人数重新计算；本年度的许可随之失效`,
  );
  return [{ code: 'year-ends', on: next, text }];
}

function calendarMissing(entry: string): PlanWarning {
  const text = bilingual(
    `a term of \`${entry}\` runs into a year without a calendar of working days`,
    `\`${entry}\` 的期限涉及尚无工作日历的年度`,
  );
  return { code: 'calendar-missing', entry, text };
}

/** `paces` of the plan has the figures. */
const PACE = {
  'even-year': bilingual("this year's pace", '按今年速度'),
  'recent-days': bilingual('the pace of the last days', '按近期速度'),
} as const;

const grouped = (persons: number): string => persons.toLocaleString('en-US');
