import { causeText, renderFault } from '../../proto/words/fault.ts';
import { cite, type Language, ROUTE } from '../transfer/explain.ts';
import { parseFactsText } from '../transfer/facts-text.ts';
import { nearestWays } from '../transfer/nearest-ways.ts';
import type { Pace } from '../transfer/pace.ts';
import type { PlannedExemption } from '../transfer/plan-exemptions.ts';
import { type Crossing, type PlannedRoute, planRoutes } from '../transfer/plan-routes.ts';
import type { TransferPlan } from '../transfer/plan-transfer.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';
import { factsUnreadable } from './decide.command.ts';
import { readLaw } from './read-law.ts';
import { askTransfers, type TransferArgs, type TransferIo } from './transfer.command.ts';

export interface PlanArgs {
  /** A facts file, YAML or JSON; docs/transfer-facts.md. */
  readonly path: string;
  /** An operator's rows, laid over the shipped ones; docs/law.md. */
  readonly rules?: string;
  readonly json: boolean;
  readonly language: Language;
}

/**
 * `tongguan transfer plan FACTS.yaml [--rules FILE]`: which routes are open to a planned transfer, how long each takes, what each still
 * wants, and when the pace of the year reaches a threshold. It asks nobody and lets nothing out.
 *
 * @returns 0 a route is open, 3 none is, 2 when the facts file cannot be read or is faulty
 */
export async function transferPlanCommand(args: PlanArgs, io: CliIo): Promise<ExitStatus> {
  const { language } = args;
  const read = await io.readFile(args.path).then(parseFactsText, (cause: unknown) => factsUnreadable(causeText(cause)));
  if (!('ok' in read) || !read.ok) {
    const faults = 'ok' in read ? read.fault : [read];
    for (const fault of faults) io.err(renderFault('tongguan', fault, language));
    return EXIT.usage;
  }
  const law = await readLaw(args.rules, io);
  if (!law.ok) {
    for (const fault of law.fault) io.err(renderFault('tongguan', fault, language));
    return EXIT.usage;
  }
  const plan = planRoutes(read.value, law.value.verdicts, law.value.duties.timelines);
  return tell({ ...plan, nearestWays: nearestWays(read.value, law.value.verdicts) }, args, io);
}

export interface PlanLiveArgs extends TransferArgs {
  readonly dataset: string;
  readonly recipient: string;
  readonly purpose: string;
  readonly claims: readonly number[];
}

/**
 * `tongguan transfer plan --config cloud.yaml --dataset ID --recipient ID --purpose ID`: the same of the registers, counts and
 * records of the running cloud.
 *
 * @returns 0 a route is open, 3 none is, 1 a fault of the build or no cloud that runs, 2 usage or configuration
 */
export async function transferPlanLiveCommand(args: PlanLiveArgs, io: TransferIo): Promise<ExitStatus> {
  const { dataset, recipient, purpose, claims } = args;
  const claimed = claims.length === 0 ? {} : { claims: claims.join(',') };
  const query = new URLSearchParams({ dataset, recipient, purpose, ...claimed });
  const answer = await askTransfers(args, io, 'GET', `/v1/plans?${query.toString()}`, undefined);
  return typeof answer === 'number' ? answer : tell(answer as TransferPlan, args, io);
}

function tell(
  plan: TransferPlan,
  { json, language }: { readonly json: boolean; readonly language: Language },
  io: Pick<CliIo, 'out'>,
): ExitStatus {
  const word = WORDS[language];
  if (json) io.out(JSON.stringify(plan));
  else {
    for (const route of plan.routes) for (const line of routeLines(route, language)) io.out(line);
    for (const exemption of plan.exemptions) for (const line of exemptionLines(exemption, language)) io.out(line);
    for (const { text } of plan.nearestWays) io.out(`${word.nearest}: ${text[language]}`);
    for (const crossing of plan.crossings) io.out(crossingLine(crossing, language, plan.paces[crossing.counter]));
    for (const { text } of plan.warnings) io.out(`${word.warning}: ${text[language]}`);
  }
  return plan.routes.some(({ clears }) => clears) || plan.nearestWays.length > 0 ? EXIT.done : EXIT.withheld;
}

function routeLines({ route, clears, under, missing, timeline }: PlannedRoute, language: Language): readonly string[] {
  const word = WORDS[language];
  const outcome = clears ? `${word.clears} (${under})` : word.withheld;
  const [least, most] = [timeline?.months.least, timeline?.months.most];
  return [
    `${route}: ${outcome}`,
    ...missing.map(({ title, remedy }) => `    ${word.missing}: ${title[language]}; ${remedy[language]}`),
    ...(timeline === undefined
      ? []
      : [
          `    ${word.takes}: ${least}-${most} ${word.months} (${cite(timeline.citation, language)}, ${timeline.confidence})`,
          `    ${word.pitfalls}: ${timeline.pitfalls[language]}`,
        ]),
  ];
}

function exemptionLines(planned: PlannedExemption, language: Language): readonly string[] {
  const word = WORDS[language];
  const { exemption, clears, couldCarry, evidence, missing } = planned;
  const outcome = clears ? word.clears : couldCarry ? word.couldCarry : word.carriesNot;
  const head = `${ROUTE[`exemption-${exemption}`][language]}: ${outcome}`;
  if (clears || !couldCarry) return [head];
  return [
    head,
    ...evidence.map((one) => `    ${word.evidence}: ${one[language]}`),
    ...missing.map(({ title }) => `    ${word.missing}: ${title[language]}`),
  ];
}

function crossingLine({ counter, threshold, on, rule }: Crossing, language: Language, { text }: Pace): string {
  const word = WORDS[language];
  return `${word.counters[counter]} ${threshold} (${rule}): ${on ?? word.notThisYear} (${text[language]})`;
}

const WORDS = {
  en: {
    clears: 'would clear',
    withheld: 'would be withheld',
    missing: 'missing',
    takes: 'takes',
    months: 'months',
    pitfalls: 'pitfalls',
    nearest: 'nearest lawful way',
    couldCarry: 'could carry it, with evidence',
    carriesNot: 'does not carry it',
    evidence: 'evidence',
    warning: 'warning',
    notThisYear: 'not this year at this pace',
    counters: { persons: 'persons reach', sensitivePersons: 'persons with sensitive information reach' },
  },
  zh: {
    clears: '可予放行',
    withheld: '暂不出境',
    missing: '尚缺',
    takes: '所需时间',
    months: '个月',
    pitfalls: '常见问题',
    nearest: '最近的合法方式',
    couldCarry: '有证据时可适用',
    carriesNot: '不适用',
    evidence: '须证明',
    warning: '提示',
    notThisYear: '按此速度今年不会达到',
    counters: { persons: '累计人数达到', sensitivePersons: '敏感个人信息人数达到' },
  },
} as const;
