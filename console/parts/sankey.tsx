import { SankeyChart } from 'echarts/charts';
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core';
import { CanvasRenderer } from 'echarts/renderers';
import { defineComponent, onBeforeUnmount, onMounted, ref, watch } from 'vue';
import { titleOf } from '../api/titles.ts';
import { columnsOf, nodesOf, type Stream } from '../models/flow-links.ts';
import { countText } from '../words/format.ts';
import { named, spoken, t } from '../words/language.ts';
import { Table } from './table.tsx';

use([SankeyChart, CanvasRenderer]);

/** A node is `group.name`; datasets and recipients have titles. */
export function nodeText(node: string): string {
  const dot = node.indexOf('.');
  const [group, name] = [node.slice(0, dot), node.slice(dot + 1)];
  return group === 'dataset' || group === 'recipient' ? titleOf(group, name) : named(group, name);
}

/** Tones of nodes by their group, as console.css has them for words. */
const TONES: Readonly<Record<string, string>> = {
  removed: '#b0761a',
  refused: '#a8261b',
  zone: '#2b6a9b',
  recipient: '#1b6e3c',
};
const TONE = '#5c738a';
const NARROW_PX = 400;
/** Around the drawing, and between a node and what stands beside it. */
const LEFT_PX = 4;
const NODE_PX = 10;
const LABEL_MARGIN_PX = 12;
/** Nodes in the last column with which each has room for a third line. */
const ROOMY = 4;
const VEHICLES = 'flow.vehicles';
/** Two lines of a label, so that nodes of next to no height are not written over each other. */
const GAP_PX = 32;
/** Height of the drawing, as parts.css has it, and how much of it may be gaps. */
const DRAWN_PX = 274;
const GAPS_SHARE = 0.65;

/** Streams as a Sankey, and the same as a table for who does not see it. Colours carry no meaning of their own. */
export const Sankey = defineComponent(
  (props: { readonly label: string; readonly streams: readonly Stream[] }) => {
    const place = ref<HTMLElement>();
    let chart: EChartsType | undefined;
    // Drawn with the next picture of the browser, so that an answer and its drawing are not one long task.
    const draw = (): void => chart?.setOption(optionOf(props.streams, chart.getWidth()), { lazyUpdate: true });
    const fit = new ResizeObserver(() => {
      chart?.resize();
      draw();
    });
    onMounted(() => {
      if (place.value === undefined) return;
      chart = init(place.value);
      fit.observe(place.value);
      draw();
    });
    onBeforeUnmount(() => {
      fit.disconnect();
      chart?.dispose();
    });
    watch([() => props.streams, spoken], draw);
    return () => (
      <div>
        <div class="sankey" ref={place} role="img" aria-label={props.label} />
        <details>
          <summary>{t('flow.as-table')}</summary>
          <Table
            label={props.label}
            columns={[{ title: t('flow.from') }, { title: t('flow.to') }, { title: t('flow.count'), isFigure: true }]}
            rows={props.streams.map(({ from, to, count }) => [nodeText(from), nodeText(to), countText(count)])}
          />
        </details>
      </div>
    );
  },
  { props: ['label', 'streams'] },
);

function optionOf(streams: readonly Stream[], widthPx: number): EChartsCoreOption {
  const into = (node: string): number => totalOf(streams.filter(({ to }) => to === node));
  const outOf = (node: string): number => totalOf(streams.filter(({ from }) => from === node));
  const isNarrow = widthPx < NARROW_PX;
  const right = isNarrow ? 96 : 164;
  const between =
    Math.floor((widthPx - LEFT_PX - right) / Math.max(1, columnsOf(streams) - 1)) - NODE_PX - LABEL_MARGIN_PX;
  const last = nodesOf(streams).filter((node) => outOf(node) === 0).length;
  const nodeGap = Math.min(GAP_PX, Math.floor((DRAWN_PX * GAPS_SHARE) / Math.max(1, last - 1)));
  const countAfter = nodeGap < GAP_PX ? ' ' : '\n';
  const nodes = nodesOf(streams).map((name) => ({
    name,
    itemStyle: { color: TONES[name.split('.')[0] ?? ''] ?? TONE },
    // What leaves the vehicles is counted in several units: their sum would mean nothing.
    label: {
      formatter:
        name === VEHICLES
          ? nodeText(name)
          : `${nodeText(name)}${countAfter}${countText(Math.max(into(name), outOf(name)))}`,
      // The last column has the margin to itself, the others only what lies before the next.
      width: outOf(name) === 0 ? right - LABEL_MARGIN_PX : between,
    },
  }));
  return {
    animation: false,
    series: {
      type: 'sankey',
      data: nodes,
      links: streams.map(({ from, to, count }) => ({ source: from, target: to, value: count })),
      ...{ left: LEFT_PX, top: 8, bottom: 18, right, nodeWidth: NODE_PX, nodeGap },
      ...{ draggable: false, silent: true, layoutIterations: 12 },
      label: {
        color: '#17242f',
        fontSize: isNarrow ? 11 : 12,
        lineHeight: 15,
        // Where there is room, a title takes two lines.
        overflow: last <= ROOMY && !isNarrow ? 'break' : 'truncate',
      },
      // A stream of next to nothing has next to no height: what two labels would write over each other is in the table.
      labelLayout: { hideOverlap: true },
      lineStyle: { color: 'source', opacity: 0.22, curveness: 0.5 },
    },
  };
}

const totalOf = (streams: readonly Stream[]): number => streams.reduce((sum, { count }) => sum + count, 0);
