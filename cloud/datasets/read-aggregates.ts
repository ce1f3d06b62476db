import { createHash } from 'node:crypto';
import { canonicalJson } from '../../proto/words/canonical-json.ts';
import type { Publications, PublishedFamily } from '../ports/publications.ts';
import type { ColumnGroup } from '../ports/table-format.ts';
import {
  ALL_MODELS,
  type CellSums,
  type DecidedFamily,
  decideFamily,
  EMPTY_CELL,
  type Family,
  OTHER_MODEL,
  type Suppression,
  withVehicle,
} from './aggregate-cells.ts';
import type { ParcelOrder, TableRows } from './build-parcel.ts';
import type { AggregateDefinition } from './definition.ts';
import { type DisclosureFigures, figuresOf } from './disclosure.table.ts';
import { canBeSubtracted } from './ground.ts';
import { type DayNumber, dateOfDay, periodEnd } from './periods.ts';
import { addTags, type Pass, type ReadOrder } from './read-vehicles.ts';
import { createTagSet, type TagSet } from './tag-set.ts';

interface AggregateParts {
  readonly publications: Pick<Publications, 'find' | 'touching'>;
}

/**
 * Cells over many vehicles. Only periods that lie wholly within the filter and have been over for some days are looked at.
 * A family that was published keeps its figures for ever, whatever has come in since; one whose ground another shape has
 * taken is left out. So no two figures that were ever given out differ by a few vehicles.
 */
export async function readAggregates(
  passes: AsyncIterable<Pass>,
  { signals, fromDay, untilDay }: Pick<ReadOrder, 'signals' | 'fromDay' | 'untilDay'>,
  dataset: AggregateDefinition,
  order: ParcelOrder,
  parts: AggregateParts,
): Promise<TableRows> {
  const figures = figuresOf(dataset);
  const gathered = await gather(passes, signals, dataset.byModel);
  const isWhole = ({ period }: Family) => period >= fromDay && periodEnd(dataset.period, period) <= untilDay;
  const families = gathered.families.filter(isWhole);
  const decided = families.map((family) => decide(family, { dataset, figures, order, parts }));
  const rows = decided.filter(({ family }) => family.cells.length > 0).map(({ family }) => family);
  return {
    groups: groupsOf(rows),
    tags: () => gathered.tags,
    vocabulary: vocabularyOf(rows, signals, order),
    outcome: () => ({
      persons: [],
      families: rows,
      manifest: {
        grain: 'aggregate',
        ...rangeOf(rows),
        // How many records or vehicles there were in all would tell one build from the next.
        lineage: [{ zone: 'personal' }],
        more: { figures: { ...figures }, suppressed: countOf(decided.flatMap(({ suppressed }) => suppressed)) },
      },
    }),
  };
}

interface Gathering {
  readonly period: DayNumber;
  readonly path: string;
  readonly parts: Map<string, CellSums>;
}

/** Vehicles are added in the order of their tags, so sums do not hang on how many passes there were. */
async function gather(
  passes: AsyncIterable<Pass>,
  signals: readonly string[],
  byModel: boolean,
): Promise<{ readonly families: readonly Family[]; readonly tags: TagSet }> {
  const families = new Map<number, Gathering>();
  const tags = createTagSet();
  for await (const pass of passes) {
    addTags(tags, pass);
    const { rows, vehicles } = pass;
    for (let row = 0; row < rows.vehicle.length; row += 1) {
      const [period = 0, signal = 0] = [rows.period[row], rows.signal[row]];
      const model = byModel ? (vehicles[rows.vehicle[row] ?? 0]?.model ?? OTHER_MODEL) : ALL_MODELS;
      const { parts } = familyIn(families, period, signal, signals);
      parts.set(model, withVehicle(parts.get(model) ?? EMPTY_CELL, rows.mean[row] ?? 0));
    }
  }
  const sorted = [...families.values()].sort((a, b) => a.period - b.period || (a.path < b.path ? -1 : 1));
  return { families: sorted, tags };
}

function familyIn(
  families: Map<number, Gathering>,
  period: DayNumber,
  signal: number,
  signals: readonly string[],
): Gathering {
  const place = period * signals.length + signal;
  const known = families.get(place);
  if (known !== undefined) return known;
  const family = { period, path: signals[signal] ?? '', parts: new Map<string, CellSums>() };
  families.set(place, family);
  return family;
}

interface Deciding {
  readonly dataset: AggregateDefinition;
  readonly figures: DisclosureFigures;
  readonly order: ParcelOrder;
  readonly parts: AggregateParts;
}

function decide(
  family: Family,
  { dataset, figures, order, parts }: Deciding,
): { readonly family: PublishedFamily; readonly suppressed: readonly Suppression[] } {
  const from = dateOfDay(family.period);
  const until = dateOfDay(periodEnd(dataset.period, family.period));
  const named = { signal: family.path, from, until, ...shapeOf(dataset, figures, order) };
  const before = parts.publications.find(named.shape, family.path, from);
  if (before !== undefined) return { family: before, suppressed: [] };
  const isTaken = parts.publications.touching(family.path, from, until).some((other) => canBeSubtracted(named, other));
  const { cells, suppressed }: DecidedFamily = isTaken
    ? { cells: [], suppressed: [...family.parts.keys()].map(() => 'taken' as const) }
    : decideFamily(family, dataset.byModel && dataset.totals, figures);
  return { family: { ...named, cells }, suppressed };
}

function shapeOf(
  { period, byModel, totals, filters }: AggregateDefinition,
  figures: DisclosureFigures,
  { models: known }: ParcelOrder,
): Pick<PublishedFamily, 'shape' | 'models' | 'modelsDigest'> {
  const modelsDigest = sha256(canonicalJson(byModel || filters.models !== undefined ? known : []));
  const models = filters.models === undefined ? undefined : [...filters.models].sort();
  const { vehiclesMin, shareMax } = figures;
  const shape = canonicalJson({
    period,
    byModel,
    totals,
    models: models ?? 'all',
    modelsDigest,
    vehiclesMin,
    shareMax,
  });
  return { shape: sha256(shape), modelsDigest, ...(models === undefined ? {} : { models }) };
}

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

async function* groupsOf(families: readonly PublishedFamily[]): AsyncGenerator<ColumnGroup> {
  if (families.length > 0) yield columnsOf(families);
}

function columnsOf(families: readonly PublishedFamily[]): ColumnGroup {
  const rows = families.flatMap(({ signal, from, cells }) => cells.map((cell) => ({ signal, from, ...cell })));
  return [
    rows.map(({ from }) => from),
    rows.map(({ model }) => model),
    rows.map(({ signal }) => signal),
    Int32Array.from(rows, ({ vehicles }) => vehicles),
    Float64Array.from(rows, ({ mean }) => mean),
  ];
}

function vocabularyOf(rows: readonly PublishedFamily[], signals: readonly string[], { models }: ParcelOrder) {
  return {
    period: new Set(rows.map(({ from }) => from)),
    model: new Set([...models.map(({ id }) => id), ALL_MODELS, OTHER_MODEL]),
    signal: new Set(signals),
  };
}

function rangeOf(rows: readonly PublishedFamily[]) {
  const [first, last] = [rows[0], rows.at(-1)];
  return first === undefined || last === undefined ? {} : { timeRange: { from: first.from, until: last.until } };
}

function countOf(suppressed: readonly Suppression[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const one of suppressed) counts[one] = (counts[one] ?? 0) + 1;
  return counts;
}
