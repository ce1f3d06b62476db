import type { CellFrame } from '../../proto/codec/telemetry-codec.ts';
import { boundsOf } from '../../proto/geo/grid.ts';
import type { RawFix } from '../../proto/words/raw-frame.ts';
import type { Preview } from './preview.ts';
import { previewTable } from './table.ts';

const WIDTH_PX = 960;
const MARGIN_PX = 24;
const METRES_A_DEGREE = 111_320;

/** Fixes drawn; more make the page heavy and the line no finer. */
const FIXES_DRAWN_MAX = 20_000;

/**
 * A page with the true track and the cells that would leave, for the vehicle's own engineer. It has no base map and no
 * boundary line: publishing a map of China needs a review number. The page holds the true track: it stays where it is made.
 */
export function previewPage(preview: Preview, title: string): string {
  const fixes = preview.frames
    .flatMap(({ raw }) => (raw.kind === 'fix' && Number.isFinite(raw.latitude + raw.longitude) ? [raw] : []))
    .slice(0, FIXES_DRAWN_MAX);
  const cells = preview.frames.flatMap(({ leaves }) => leaves.filter((content) => content.kind === 'cell'));
  const words = previewTable(preview).map(escapeHtml).join('\n');
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>${escapeHtml(title)}</title>
<style>body{font:15px/1.5 system-ui,sans-serif;margin:2rem;max-width:62rem}svg{border:1px solid #888;width:100%;height:auto}
.warning{border:2px solid #b00;padding:.5rem 1rem}.track{fill:none;stroke:#b00;stroke-width:1.5}.cell{fill:#06c;fill-opacity:.12;stroke:#06c}
pre{overflow:auto}</style></head><body>
<h1>${escapeHtml(title)}</h1>
<p class="warning">This page holds the true track of a vehicle. Keep it on this machine. 本页包含车辆真实轨迹，请勿外传。</p>
<p><span style="color:#b00">Red</span>: what the vehicle knows, ${fixes.length} fix(es). <span style="color:#06c">Blue</span>: the ${cells.length}
cell(s) that would leave, each with an hour or a day and no order. No base map and no boundary is drawn.</p>
${drawing(fixes, cells)}
<pre>${words}</pre>
</body></html>
`;
}

function drawing(fixes: readonly RawFix[], cells: readonly CellFrame[]): string {
  const areas = cells.map(boundsOf);
  const south = Math.min(...fixes.map(({ latitude }) => latitude), ...areas.map((area) => area.south));
  const north = Math.max(...fixes.map(({ latitude }) => latitude), ...areas.map((area) => area.north));
  const west = Math.min(...fixes.map(({ longitude }) => longitude), ...areas.map((area) => area.west));
  const east = Math.max(...fixes.map(({ longitude }) => longitude), ...areas.map((area) => area.east));
  if (![south, north, west, east].every(Number.isFinite)) return '<p>There is no position in these frames.</p>';
  const shrink = Math.cos((((south + north) / 2) * Math.PI) / 180);
  const widthM = Math.max(1, (east - west) * METRES_A_DEGREE * shrink);
  const heightM = Math.max(1, (north - south) * METRES_A_DEGREE);
  const scale = (WIDTH_PX - 2 * MARGIN_PX) / Math.max(widthM, heightM);
  const x = (longitude: number): string => px((longitude - west) * METRES_A_DEGREE * shrink * scale);
  const y = (latitude: number): string => px((north - latitude) * METRES_A_DEGREE * scale);
  const heightPx = Math.ceil(heightM * scale + 2 * MARGIN_PX);
  const boxes = areas.map(
    (area) =>
      `<path class="cell" d="M${x(area.west)} ${y(area.south)}H${x(area.east)}V${y(area.north)}H${x(area.west)}Z"/>`,
  );
  const track = fixes.map(({ latitude, longitude }) => `${x(longitude)},${y(latitude)}`).join(' ');
  return `<svg viewBox="0 0 ${WIDTH_PX} ${heightPx}" role="img" aria-label="track and cells">${boxes.join('')}<polyline class="track" points="${track}"/></svg>`;
}

const px = (value: number): string => (value + MARGIN_PX).toFixed(1);

const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.codePointAt(0) ?? 0};`);
