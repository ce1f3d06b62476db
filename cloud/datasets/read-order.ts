import type { ParcelOrder } from './build-parcel.ts';
import type { StatisticsDefinition } from './definition.ts';
import { figuresOf } from './disclosure.table.ts';
import { type DayNumber, dayNumberOf, dayNumberOfDate, periodStart } from './periods.ts';
import type { ReadOrder } from './read-vehicles.ts';

/** What is read of the zone for a parcel. */
export function readOrderOf(order: Pick<ParcelOrder, 'dataset' | 'at' | 'models'>): ReadOrder {
  const { dataset } = order;
  const { models } = dataset.filters;
  const signals = [...new Set(dataset.signals)].sort();
  const { fromDay, untilDay } = daysOf(dataset, order);
  if (dataset.kind !== 'aggregates')
    return { signals, models, fromDay, untilDay, modelsKnown: order.models, periodOf: (day) => day };
  // Later days are not settled: vehicles may still send of them.
  const settled = Math.min(untilDay, dayNumberOf(order.at) - figuresOf(dataset).settleDays - 1);
  const modelsKnown = dataset.byModel || models !== undefined ? order.models : [];
  const periodOf = (day: DayNumber) => periodStart(dataset.period, day);
  return { signals, models, fromDay, untilDay: settled, modelsKnown, periodOf };
}

/** First and last day that a definition asks for; the day of the request is its end. */
function daysOf(
  { filters }: Pick<StatisticsDefinition, 'filters'>,
  { at }: Pick<ParcelOrder, 'at'>,
): { readonly fromDay: DayNumber; readonly untilDay: DayNumber } {
  const today = dayNumberOf(at);
  return {
    fromDay: filters.from === undefined ? 0 : dayNumberOfDate(filters.from),
    untilDay: filters.until === undefined ? today : Math.min(today, dayNumberOfDate(filters.until)),
  };
}
