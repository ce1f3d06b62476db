import { polygonRound } from '../../../cloud/fences/cover.ts';
import { FENCE_MARGIN_M, indexFences } from '../../../edge/fences/fence-index.ts';
import { FENCES_MAX } from '../../../proto/codec/fence-codec.ts';
import { parsePosition, type Wgs84Position } from '../../../proto/words/position.ts';
import { assert } from '../../../proto/words/result.ts';
import { seededChance } from '../../support/edge/seeded.ts';

/** How long one question to the index takes, CPU time. */
export interface FenceSpeed {
  readonly name: string;
  readonly microseconds: number;
  /** Share of the positions that lay in or near a fence. */
  readonly near: number;
}

const QUESTIONS = 400_000;

/** Invented discs over an invented province of 4 by 4 degrees: a disc every 4.2 km or so. */
export function measureFences(): readonly FenceSpeed[] {
  const chance = seededChance(7);
  const somewhere = (): Wgs84Position => {
    const position = parsePosition(30 + 4 * chance(), 110 + 4 * chance());
    assert(position.ok, 'it lies in the rectangle that is taken');
    return position.value;
  };
  const centres = Array.from({ length: FENCES_MAX }, somewhere);
  const rings = centres.map((centre) => polygonRound({ centre, radiusM: 250 + 750 * chance() }, 0));
  const index = indexFences(rings);
  const anywhere = Array.from({ length: QUESTIONS }, somewhere);
  const atFences = Array.from({ length: QUESTIONS }, (_, number) => centres[number % FENCES_MAX] as Wgs84Position);
  return [
    timed(`containment and ${FENCE_MARGIN_M} m margin, anywhere`, anywhere, index.isNear),
    timed(`containment and ${FENCE_MARGIN_M} m margin, at fences only`, atFences, index.isNear),
  ];
}

/** The second of two runs: the first one warms up. */
function timed(name: string, positions: readonly Wgs84Position[], ask: (at: Wgs84Position) => boolean): FenceSpeed {
  let near = 0;
  for (const position of positions) near += ask(position) ? 1 : 0;
  const before = process.cpuUsage();
  let again = 0;
  for (const position of positions) again += ask(position) ? 1 : 0;
  const { user, system } = process.cpuUsage(before);
  const microseconds = (user + system) / positions.length;
  assert(near === again, 'an index answers the same twice');
  return { name, microseconds, near: near / positions.length };
}
