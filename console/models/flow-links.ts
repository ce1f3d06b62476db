import type { Flow, TransferTally } from '../api/answers.ts';

/** One stream of a Sankey: from which node to which, and how much. Nodes are `group.name`, as words.table.ts names them. */
export interface Stream {
  readonly from: string;
  readonly to: string;
  readonly count: number;
}

/** From vehicles to the zones of the mainland, with what was removed on the way and why. Streams of nothing are left out. */
export function uplinkStreams({ removed, refused, zones }: Flow): readonly Stream[] {
  const stored = Object.entries(zones).filter(([zone]) => zone !== 'quarantine');
  const causes = sorted(removed).map(([cause, count]) => ({ from: 'flow.removed', to: `removed.${cause}`, count }));
  const reasons = sorted(refused).map(([reason, count]) => ({ from: 'flow.refused', to: `refused.${reason}`, count }));
  return [
    { from: 'flow.vehicles', to: 'flow.removed', count: sumOf(causes) },
    { from: 'flow.vehicles', to: 'flow.refused', count: sumOf(reasons) },
    ...causes,
    ...reasons,
    { from: 'flow.vehicles', to: 'flow.admitted', count: stored.reduce((sum, [, count]) => sum + count, 0) },
    ...stored.map(([zone, count]) => ({ from: 'flow.admitted', to: `zone.${zone}`, count })),
  ].filter(({ count }) => count > 0);
}

/** From requests to recipients: what was withheld, what waits, and to whom the rest went. One is one transfer. */
export function borderStreams(tallies: readonly TransferTally[]): readonly Stream[] {
  const streams = new Map<string, Stream>();
  const add = (from: string, to: string, count: number): void => {
    const known = streams.get(`${from}>${to}`);
    streams.set(`${from}>${to}`, { from, to, count: (known?.count ?? 0) + count });
  };
  for (const { datasetId, recipientId, state, count } of tallies) {
    add(`dataset.${datasetId}`, 'flow.decided', count);
    add('flow.decided', `state.${state}`, count);
    if (state === 'delivered') add('state.delivered', `recipient.${recipientId}`, count);
  }
  return [...streams.values()];
}

/** Nodes of the streams, each once, in the order in which they are named. */
export function nodesOf(streams: readonly Stream[]): readonly string[] {
  return [...new Set(streams.flatMap(({ from, to }) => [from, to]))];
}

/** Columns that the streams are drawn in: nodes on the longest way through them. Streams lead to no node twice. */
export function columnsOf(streams: readonly Stream[]): number {
  const from = (node: string): number =>
    1 + Math.max(0, ...streams.filter((one) => one.from === node).map(({ to }) => from(to)));
  return Math.max(0, ...nodesOf(streams).map(from));
}

const sumOf = (streams: readonly Stream[]): number => streams.reduce((sum, { count }) => sum + count, 0);

const sorted = (figures: Readonly<Record<string, number>>): readonly [string, number][] =>
  Object.entries(figures).toSorted(([, a], [, b]) => b - a);
