import { FIGURES, type FigureName } from '../../firmware-sim/scenarios/figures.table.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import { SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import { inWords } from './outcome-words.ts';
import type { Met, Played } from './play.ts';
import type { Told } from './world.ts';

export type StoryLanguage = keyof Bilingual;

const LABELS = {
  happens: { en: 'What happens', zh: '情景' },
  story: { en: 'What happened', zh: '经过' },
  expected: { en: 'What had to be', zh: '预期' },
  counted: { en: 'What else was counted', zh: '其他计数' },
  met: { en: 'met', zh: '符合' },
  missed: { en: 'NOT MET', zh: '不符合' },
  nothing: { en: 'nothing', zh: '无' },
  passed: { en: 'passed', zh: '通过' },
  failed: { en: 'FAILED', zh: '未通过' },
  seed: { en: 'seed', zh: '种子' },
  digest: { en: 'digest', zh: '摘要' },
} as const satisfies Readonly<Record<string, Bilingual>>;

/** A scenario as a person reads it: what happens, what happened hour by hour, and each expectation with what it met. */
export function storyOf(played: Played, language: StoryLanguage): readonly string[] {
  const label = (name: keyof typeof LABELS): string => LABELS[name][language];
  const { scenario, met, told, figures, passed, seed, digest } = played;
  const expected = new Set<string>(met.map(({ figure }) => figure));
  // What never happened is no news.
  const others = Object.entries(figures).filter(([figure, value]) => !expected.has(figure) && value !== 0);
  const counted = others.map(
    ([figure, value]) => `- ${FIGURES[figure as FigureName][language]}: ${inWords(value, language)}`,
  );
  return [
    ...[`# ${scenario.title[language]}`, '', `## ${label('happens')}`, '', scenario.about[language], ''],
    ...[`## ${label('story')}`, '', ...told.map((one) => lineOf(one, language)), ''],
    ...[`## ${label('expected')}`, '', ...met.map((one) => expectedLine(one, language)), ''],
    ...(counted.length === 0 ? [] : [`## ${label('counted')}`, '', ...counted, '']),
    `${label(passed ? 'passed' : 'failed')} · ${label('seed')} ${seed} · ${label('digest')} ${digest}`,
  ];
}

/** What was seen, and what was asked for wherever that is something else. */
function expectedLine({ figure, demand, value, isMet }: Met, language: StoryLanguage): string {
  const [comparison = '', ...rest] = demand.split(' ');
  const asked = `${DEMANDS[comparison]?.[language] ?? comparison}${inWords(rest.join(' '), language)}`;
  const seen = value === undefined ? LABELS.nothing[language] : inWords(value, language);
  const isSaid = isMet && comparison === '=';
  const verdict = LABELS[isMet ? 'met' : 'missed'][language];
  return `- ${verdict}: ${FIGURES[figure][language]}: ${seen}${isSaid ? '' : ` (${asked})`}`;
}

const DEMANDS: Readonly<Record<string, Bilingual>> = {
  '=': { en: 'has to be ', zh: '应为 ' },
  '>=': { en: 'at least ', zh: '至少 ' },
  '<=': { en: 'at most ', zh: '至多 ' },
};

/** Times are those of Shanghai. */
function lineOf({ at, words }: Told, language: StoryLanguage): string {
  const local = new Date(at + SHANGHAI_OFFSET_MS).toISOString();
  return `- ${local.slice(0, 10)} ${local.slice(11, 16)} ${words[language]}`;
}
