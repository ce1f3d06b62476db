import { FIGURES, type FigureName } from '../../firmware-sim/scenarios/figures.table.ts';
import type { Bilingual } from '../../proto/words/fault.ts';
import { SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { Played } from './play.ts';
import type { Told } from './world.ts';

export type StoryLanguage = keyof Bilingual;

const LABELS = {
  happens: { en: 'What happens', zh: '情景' },
  story: { en: 'What happened', zh: '经过' },
  expected: { en: 'What had to be', zh: '预期' },
  counted: { en: 'What else was counted', zh: '其他计数' },
  met: { en: 'met', zh: '符合' },
  missed: { en: 'NOT MET', zh: '不符合' },
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
  const others = Object.entries(figures).filter(([figure]) => !expected.has(figure));
  return [
    ...[
      `# ${scenario.title.en} · ${scenario.title.zh}`,
      '',
      `## ${label('happens')}`,
      '',
      scenario.about[language],
      '',
    ],
    ...[`## ${label('story')}`, '', ...told.map((one) => lineOf(one, language)), ''],
    ...[`## ${label('expected')}`, ''],
    ...met.map(({ figure, demand, value, isMet }) => {
      const words = FIGURES[figure][language];
      return `- ${label(isMet ? 'met' : 'missed')}: ${words} ${demand}${isMet ? '' : ` (${value ?? '-'})`}`;
    }),
    ...['', `## ${label('counted')}`, ''],
    ...others.map(([figure, value]) => `- ${FIGURES[figure as FigureName][language]}: ${value}`),
    ...['', `${label(passed ? 'passed' : 'failed')} · ${label('seed')} ${seed} · ${label('digest')} ${digest}`],
  ];
}

/** Times are those of Shanghai. */
function lineOf({ at, words }: Told, language: StoryLanguage): string {
  const local = new Date(at + SHANGHAI_OFFSET_MS).toISOString();
  return `- ${local.slice(0, 10)} ${local.slice(11, 16)} ${words[language]}`;
}
