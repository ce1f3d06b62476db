import type { CellFrame, SealedBatch, Step } from '../../proto/codec/telemetry-codec.ts';
import { CELL_SIZES_M, isCell, UNSAFE_CELL_SIZES_M } from '../../proto/geo/grid.ts';
import { HOUR_MS, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { RejectionCode } from './rejections.ts';

const QUARTER_MS = HOUR_MS / 4;

/** Whether the time of a cell says nothing finer than a floor: quarters and hours as everywhere, days as in Shanghai. */
export function isFloored({ hour, quarter = 0 }: Pick<CellFrame, 'hour' | 'quarter'>, floorS: number): boolean {
  return (hour * HOUR_MS + quarter * QUARTER_MS + SHANGHAI_OFFSET_MS) % (floorS * 1_000) === 0;
}

/**
 * A check of the cells of one batch: on the grid, and of the sizes and times that the batch's own position step names. A
 * batch that says nothing of a size or a time is held to the grid alone; its policy says the rest.
 */
export function cellCheck({ steps }: SealedBatch): (frame: CellFrame) => RejectionCode | undefined {
  const step = steps.find(({ stage }) => stage.startsWith('position-'));
  const sizesM = isUnsafeAccepted(step) ? UNSAFE_CELL_SIZES_M : CELL_SIZES_M;
  const [cellM, endCellM, floorS] = ['cell-m', 'end-cell-m', 'time-floor-s'].map((name) => numberOf(step, name));
  const isOfPreset = step === undefined || step.stage === 'position-fleet' || step.stage === 'position-strict-map';
  return (frame) => {
    if (!isCell(frame, sizesM)) return 'CELL_NOT_ON_GRID';
    if (!isOfPreset || (cellM !== undefined && frame.sizeM !== cellM && frame.sizeM !== endCellM))
      return 'CONTENT_NOT_OF_POLICY';
    return floorS === undefined || isFloored(frame, floorS) ? undefined : 'TIME_NOT_FLOORED';
  };
}

/** 1 km is precise tracking: only a vehicle that says its policy accepted that in words may send it. */
function isUnsafeAccepted(step: Step | undefined): boolean {
  return step !== undefined && / unsafe=(?:\w+,)*(?:endCellM|cellM)(?:,|$)/.test(step.parameters);
}

function numberOf(step: Step | undefined, name: string): number | undefined {
  const words = step?.parameters.split(' ').find((word) => word.startsWith(`${name}=`));
  const text = words?.slice(name.length + 1) ?? '';
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;
}
