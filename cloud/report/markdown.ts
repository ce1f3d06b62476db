import type { Bilingual } from '../../proto/words/fault.ts';
import type { Block, Cell, ReportDocument } from './report-facts.ts';

export const REPORT_LANGUAGES = ['zh', 'en', 'both'] as const;
export type ReportLanguage = (typeof REPORT_LANGUAGES)[number];

/** Text in the language asked for; both with a slash between. */
export function inLanguage(cell: Cell, language: ReportLanguage): string {
  if (typeof cell === 'string') return cell;
  return language === 'both' ? `${cell.zh} / ${cell.en}` : cell[language];
}

export const MISSING_WORD: Bilingual = { en: 'MISSING', zh: '缺失' };
export const REMEDY_WORD: Bilingual = { en: 'what to do', zh: '待办' };

/** The report as Markdown. */
export function markdownOf({ title, blocks }: ReportDocument, language: ReportLanguage): string {
  return `${[`# ${inLanguage(title, language)}`, ...blocks.map((block) => blockText(block, language))].join('\n\n')}\n`;
}

function blockText(block: Block, language: ReportLanguage): string {
  const say = (cell: Cell): string => inLanguage(cell, language);
  switch (block.block) {
    case 'heading':
      return `## ${say(block.text)}`;
    case 'text':
      return say(block.text);
    case 'missing':
      return `> **${say(MISSING_WORD)}**: ${say(block.what)}\n>\n> ${say(REMEDY_WORD)}: ${say(block.remedy)}`;
    case 'table': {
      const line = (cells: readonly Cell[]): string =>
        `| ${cells.map((cell) => say(cell).replaceAll('|', '\\|')).join(' | ')} |`;
      return [line(block.head), `|${block.head.map(() => '---').join('|')}|`, ...block.rows.map(line)].join('\n');
    }
  }
}
