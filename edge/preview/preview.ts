import type { FrameContent } from '../../proto/codec/telemetry-codec.ts';
import type { RawFrame } from '../../proto/words/raw-frame.ts';
import type { ActivePolicy } from '../policy/policy-bundle.ts';
import { runStages } from '../stages/run-stages.ts';
import type { RemovalCause, Stage } from '../stages/stage.ts';

/** What one raw frame is, and what became of it. A trip's row and cells come with the frame that ended the trip. */
export interface PreviewedFrame {
  readonly raw: RawFrame;
  readonly leaves: readonly FrameContent[];
  readonly removed: Readonly<Partial<Record<RemovalCause, number>>>;
}

export interface Preview {
  readonly frames: readonly PreviewedFrame[];
  /** What the vehicle knows and what would leave, by kind of frame and by path of signals. */
  readonly lines: readonly PreviewLine[];
  /** Why the rest stays, by cause; the counts are those that the vehicle would tell the cloud. */
  readonly removed: Readonly<Record<string, number>>;
}

export interface PreviewLine {
  readonly what: string;
  readonly known: number;
  readonly leaves: number;
}

/** Frames looked at; more make no better picture. */
export const PREVIEW_FRAMES_MAX = 200_000;

/**
 * Runs raw frames through the stages of a policy, as the agent would, and keeps both sides. It is for the vehicle's own
 * engineer: what it holds may not leave the machine it is made on.
 */
export function preview(frames: Iterable<RawFrame>, stages: readonly Stage[], policy: ActivePolicy): Preview {
  const seen: PreviewedFrame[] = [];
  const totals: Record<string, number> = {};
  for (const raw of frames) {
    if (seen.length >= PREVIEW_FRAMES_MAX) break;
    const removed: Partial<Record<RemovalCause, number>> = {};
    const sealed = runStages(stages, policy, raw, (cause, count) => {
      removed[cause] = (removed[cause] ?? 0) + count;
      totals[cause] = (totals[cause] ?? 0) + count;
    });
    seen.push({ raw, leaves: sealed.map(({ content }) => content), removed });
  }
  return { frames: seen, lines: linesOf(seen), removed: totals };
}

function linesOf(frames: readonly PreviewedFrame[]): readonly PreviewLine[] {
  const counts = new Map<string, { known: number; leaves: number }>();
  const count = (what: string): { known: number; leaves: number } => {
    const found = counts.get(what) ?? { known: 0, leaves: 0 };
    counts.set(what, found);
    return found;
  };
  for (const { raw, leaves } of frames) {
    for (const what of namesOfRaw(raw)) count(what).known += 1;
    for (const content of leaves) for (const what of namesOfContent(content)) count(what).leaves += 1;
  }
  return [...counts].map(([what, { known, leaves }]) => ({ what, known, leaves }));
}

function namesOfRaw(raw: RawFrame): readonly string[] {
  return raw.kind === 'signals' ? Object.keys(raw.signals) : [RAW_NAMES[raw.kind]];
}

const RAW_NAMES: Readonly<Record<Exclude<RawFrame['kind'], 'signals'>, string>> = {
  fix: 'positions',
  image: 'pictures',
  'point-cloud': 'point clouds',
  objects: 'object lists',
  clock: 'clock ticks',
};

function namesOfContent(content: FrameContent): readonly string[] {
  return content.kind === 'signals' ? content.signals.map(({ path }) => path) : [CONTENT_NAMES[content.kind]];
}

const CONTENT_NAMES: Readonly<Record<Exclude<FrameContent['kind'], 'signals'>, string>> = {
  cell: 'cells (coarse areas by the hour)',
  trip: 'trip rows (no geometry, held back)',
  image: 'treated pictures',
  points: 'thinned point clouds',
  objects: 'object counts',
  withdrawal: 'statements of withdrawal',
  update: 'reports of software updates',
};
