import { seededChance } from '../../support/edge/seeded.ts';
import { linkWeeks } from '../crowd/linkage.ts';
import { linkRows, rowUnicity } from '../crowd/rows.ts';
import { unicityOf } from '../crowd/unicity.ts';
import { dayOf, keptBy, rowSums } from '../crowd/utility.ts';
import { mean } from '../places/rates.ts';
import type { Publication } from '../replay/observed.ts';
import type { Subject } from '../traces/subjects.ts';
import type { Truth } from '../truth/truth.ts';
import type { Phases } from './attack-places.ts';
import type { Report } from './report.ts';

/** Observations of which a stranger knows four. */
const KNOWN = 4;

/** Singling out, linking, and what is left for the operator. */
export function tellCrowd(
  report: Report,
  subjects: readonly Subject[],
  truth: readonly Truth[],
  baselines: readonly [Phases, Phases],
  presets: readonly Phases[],
  seed: number,
): void {
  const days = subjectDays(subjects);
  const unicity = (publication: Publication) => unicityOf(publication, days, KNOWN, seededChance(seed));
  const over = ({ publications }: Phases, figure: (publication: Publication) => number): number =>
    mean(publications.map(figure));
  const [raw, grid] = baselines;
  const baseline = (figure: (publication: Publication) => number) => ({
    raw: over(raw, figure),
    grid: over(grid, figure),
  });
  for (const preset of presets.filter(hasCells)) {
    const unique = (publication: Publication): number => unicity(publication).ofAll;
    const published = over(preset, (publication) => unicity(publication).ofPublished);
    const note = `crowd of ${days} vehicle-days; ${(100 * published).toFixed(0)} of days with anything published`;
    report.add({ name: `${preset.name} unicity of 4`, value: over(preset, unique), ...baseline(unique), note });
    const link = (publication: Publication): number => linkWeeks(publication).top1;
    const { fragments, candidates } = linkWeeks(preset.publications[0] ?? EMPTY);
    const linkNote = `${fragments} tags, chance ${(100 / candidates).toFixed(1)}`;
    report.add({ name: `${preset.name} link of weeks`, value: over(preset, link), ...baseline(link), note: linkNote });
    report.add({
      name: `${preset.name} chain of tags`,
      value: over(preset, (publication) => linkWeeks(publication).chain),
    });
    const kept = preset.publications.map((publication) => keptBy(publication, subjects, truth));
    report.add({ name: `${preset.name} km kept`, value: mean(kept.map(({ km }) => km)) });
    report.add({ name: `${preset.name} trips kept`, value: mean(kept.map(({ trips }) => trips)) });
  }
  for (const preset of presets) tellRows(report, preset, truth);
}

export const hasCells = ({ publications }: Phases): boolean =>
  publications.some(({ observations }) => observations.some(({ trips }) => trips.length > 0));

export const EMPTY: Publication = { name: '', sizeM: 0, spanMs: 0, observations: [] };

function tellRows(report: Report, { name, publications }: Phases, truth: readonly Truth[]): void {
  const [publication] = publications;
  if (publication === undefined || publication.observations.every(({ rows }) => rows.length === 0)) return;
  const unicity = rowUnicity(publication.observations);
  report.add({ name: `${name} rows unique before grouping`, value: unicity.before, note: 'dates folded into one day' });
  report.add({ name: `${name} rows unique after grouping`, value: unicity.after, note: 'dates folded into one day' });
  report.add({ name: `${name} rows released`, value: unicity.released });
  report.add({
    name: `${name} released rows alone on their date`,
    value: unicity.aloneOnTheirDate,
    note: '29 vehicles over years',
  });
  const link = linkRows(publication.observations);
  const linkNote = `${link.rows} rows, chance ${(100 / link.candidates).toFixed(1)}, of their classes ${(100 * link.chanceOfClasses).toFixed(1)}`;
  report.add({ name: `${name} rows, link to their vehicle`, value: link.top1, note: linkNote });
  report.add({
    name: `${name} rows, link over the chance of their classes`,
    value: Math.max(0, link.top1 - link.chanceOfClasses),
  });
  const sums = rowSums(publication, truth);
  report.add({
    name: `${name} trips counted`,
    value: sums.counted,
    note: `km ${signed(sums.km)}, hours ${signed(sums.hours)}`,
  });
}

const signed = (share: number): string => `${share < 0 ? '' : '+'}${(100 * share).toFixed(1)} %`;

function subjectDays(subjects: readonly Subject[]): number {
  return subjects.reduce((sum, { at }) => sum + new Set(Array.from(at, dayOf)).size, 0);
}
