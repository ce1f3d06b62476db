import { createHmac } from 'node:crypto';
import { DECOYS_MIN, FENCES_MAX, type Ring } from '../../proto/codec/fence-codec.ts';
import type { Wgs84Position } from '../../proto/words/position.ts';
import { assert, fail, ok, type Result } from '../../proto/words/result.ts';
import { around, type Disc, discOf, liesApart, polygonRound, radiusClass, shifted } from './cover.ts';

export interface DecoyPlan {
  /** The operator's true areas. They go no further than this function. */
  readonly fences: readonly Ring[];
  /** Where an area of the same kind could as well lie: as busy as the true ones, or a hole there would fool nobody. */
  readonly places: readonly Wgs84Position[];
  readonly decoysPerFence: number;
  /** The operator's own, kept: the same one draws the same decoys, and decoys that move between two sets give the true one away. */
  readonly secret: Uint8Array;
}

export type DecoyFault =
  | { readonly code: 'too-few-decoys' | 'too-many-polygons' | 'fence-too-wide' }
  /** How many decoys found no place that lies apart. */
  | { readonly code: 'no-room'; readonly missing: number };

/** Draws tried for one decoy before it counts as without room. */
const TRIES_MAX = 2_000;

/**
 * Covers each area by a disc of a size class, its centre shifted by a secret, and draws decoys of the same class and the
 * same law, all apart from each other; what comes out is shuffled polygons of one shape. Areas too near each other for that
 * are covered as one.
 *
 * @returns polygons of which nobody without the secret can say which are true
 */
export function drawDecoys(plan: DecoyPlan): Result<readonly Ring[], DecoyFault> {
  const { fences, places, decoysPerFence, secret } = plan;
  if (decoysPerFence < DECOYS_MIN) return fail({ code: 'too-few-decoys' });
  const covers = coverAll(fences.map(discOf), secret);
  if (covers === undefined) return fail({ code: 'fence-too-wide' });
  if (covers.length * (decoysPerFence + 1) > FENCES_MAX) return fail({ code: 'too-many-polygons' });
  const drawn: Disc[] = covers.map(({ placed }) => placed);
  let missing = 0;
  for (const cover of covers) {
    for (let decoy = 1; decoy <= decoysPerFence; decoy += 1) {
      const found = drawOne(cover, places, drawn, drawsOf(secret, cover, decoy));
      if (found === undefined) missing += 1;
      else drawn.push(found);
    }
  }
  if (missing > 0) return fail({ code: 'no-room', missing });
  return ok(shuffled(drawn, secret));
}

/** A true area and the class of the disc that hides it. */
interface Area {
  readonly disc: Disc;
  readonly classM: number;
}

interface Cover extends Area {
  /** The disc of the class that covers it, its centre shifted. */
  readonly placed: Disc;
}

/** Discs of the areas, those joined that could not lie apart; undefined when one outgrows the largest class. */
function coverAll(discs: readonly Disc[], secret: Uint8Array): readonly Cover[] | undefined {
  const covers: Cover[] = [];
  const waiting = [...discs];
  for (let disc = waiting.shift(); disc !== undefined; disc = waiting.shift()) {
    const classM = radiusClass(disc.radiusM);
    if (classM === undefined) return undefined;
    const area = { disc, classM };
    const cover = { ...area, placed: place(area, disc.centre, drawsOf(secret, area, 0)) };
    const near = covers.findIndex((other) => !liesApart(cover.placed, other.placed));
    const [joined] = near === -1 ? [] : covers.splice(near, 1);
    // A joined disc may reach others, so it is looked at anew; each joining leaves one disc fewer.
    if (joined === undefined) covers.push(cover);
    else waiting.unshift(around(joined.disc, disc));
  }
  return covers;
}

/** The disc of the class round a place, its centre off by as much as still covers what lies there. */
function place({ disc, classM }: Area, centre: Wgs84Position, draw: () => number): Disc {
  const slackM = classM - disc.radiusM;
  return { centre: shifted(centre, slackM * Math.sqrt(draw()), 2 * Math.PI * draw()), radiusM: classM };
}

function drawOne(
  cover: Area,
  places: readonly Wgs84Position[],
  drawn: readonly Disc[],
  draw: () => number,
): Disc | undefined {
  for (let tries = 0; tries < TRIES_MAX && places.length > 0; tries += 1) {
    const at = places[Math.floor(draw() * places.length)];
    assert(at !== undefined, 'a draw is below 1');
    const disc = place(cover, at, draw);
    if (drawn.every((other) => liesApart(disc, other))) return disc;
  }
  return undefined;
}

/** Numbers in [0, 1) that follow from the secret, the area and the number of the draw. */
function drawsOf(secret: Uint8Array, { disc: { centre }, classM }: Area, number: number): () => number {
  const seed = `${centre.latitudeMicrodeg}\0${centre.longitudeMicrodeg}\0${Math.round(classM)}\0${number}`;
  let block = Buffer.alloc(0);
  let blocks = 0;
  let at = 0;
  return () => {
    if (at + 4 > block.length) {
      block = createHmac('sha256', secret).update(`tongguan.v1.decoy\0${seed}\0${blocks}`).digest();
      blocks += 1;
      at = 0;
    }
    at += 4;
    return block.readUInt32BE(at - 4) / 2 ** 32;
  };
}

/** In the order of a keyed hash, each turned by one too. */
function shuffled(discs: readonly Disc[], secret: Uint8Array): readonly Ring[] {
  return discs
    .map((disc) => {
      const { latitudeMicrodeg, longitudeMicrodeg } = disc.centre;
      const mac = createHmac('sha256', secret).update(`tongguan.v1.order\0${latitudeMicrodeg}\0${longitudeMicrodeg}`);
      return { disc, mac: mac.digest() };
    })
    .sort((a, b) => a.mac.compare(b.mac))
    .map(({ disc, mac }) => polygonRound(disc, (2 * Math.PI * mac.readUInt32BE(0)) / 2 ** 32));
}
