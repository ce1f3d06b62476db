import { Document, HeadingLevel, Packer, Paragraph, Table, TableCell, TableRow, TextRun, WidthType } from 'docx';
import { inLanguage, MISSING_WORD, REMEDY_WORD, type ReportLanguage } from '../report/markdown.ts';
import type { Block, Cell, ReportDocument } from '../report/report-facts.ts';

/** The report as an Office Open XML document. */
export async function docxOf({ title, blocks }: ReportDocument, language: ReportLanguage): Promise<Uint8Array> {
  const head = new Paragraph({ text: inLanguage(title, language), heading: HeadingLevel.TITLE });
  const document = new Document({
    title: inLanguage(title, language),
    creator: 'tongguan',
    styles: { default: { document: { run: { font: { ascii: 'Arial', hAnsi: 'Arial', eastAsia: 'SimSun' } } } } },
    sections: [{ children: [head, ...blocks.flatMap((block) => partsOf(block, language))] }],
  });
  return Packer.toBuffer(document);
}

function partsOf(block: Block, language: ReportLanguage): readonly (Paragraph | Table)[] {
  const say = (cell: Cell): string => inLanguage(cell, language);
  switch (block.block) {
    case 'heading':
      return [new Paragraph({ text: say(block.text), heading: HeadingLevel.HEADING_1 })];
    case 'text':
      return [new Paragraph({ text: say(block.text) })];
    case 'missing':
      return [
        new Paragraph({
          children: [
            new TextRun({ text: `${say(MISSING_WORD)}: `, bold: true, color: 'C00000' }),
            new TextRun(say(block.what)),
          ],
        }),
        new Paragraph({ text: `${say(REMEDY_WORD)}: ${say(block.remedy)}`, indent: { left: 400 } }),
      ];
    case 'table': {
      const rowOf = (cells: readonly Cell[], bold: boolean): TableRow =>
        new TableRow({
          tableHeader: bold,
          children: cells.map(
            (cell) =>
              new TableCell({ children: [new Paragraph({ children: [new TextRun({ text: say(cell), bold })] })] }),
          ),
        });
      const rows = [rowOf(block.head, true), ...block.rows.map((row) => rowOf(row, false))];
      return [new Table({ rows, width: { size: 100, type: WidthType.PERCENTAGE } }), new Paragraph({ text: '' })];
    }
  }
}
