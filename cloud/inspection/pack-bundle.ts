import { rmSync } from 'node:fs';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type PackedBundle, zipBundle } from '../adapters/zip-bundle.ts';
import type { NoteProgress } from '../ports/progress.ts';

/** Where each step begins and how much of the whole it takes. */
export type Steps = Readonly<Record<string, readonly [begin: number, span: number]>>;

/** Packing is copying. */
const PACKING = [0.8, 0.2] as const;

/**
 * Has a directory filled beside the file that it is packed into; of a bundle that cannot be made nothing is left.
 *
 * @param out - a `.zip` that is not there yet
 * @param steps - of `gather`; they take the first 0.8 of the whole
 * @param note - told of the share of the whole
 * Faults: those of `gather`, BUNDLE_NOT_MADE
 */
export async function packBundle<S extends object>(
  out: string,
  { steps, note }: { readonly steps: Steps; readonly note: NoteProgress },
  gather: (directory: string, note: NoteProgress) => Result<S, Fault>,
): Promise<Result<S & PackedBundle, Fault>> {
  const parts = `${out}.parts`;
  const all: Steps = { ...steps, packing: PACKING };
  const noteStep: NoteProgress = ({ step, share }) => {
    const [begin, span] = all[step] ?? [0, 0];
    note({ step, share: begin + span * share });
  };
  try {
    const gathered = gather(parts, noteStep);
    if (!gathered.ok) return gathered;
    const packed = await zipBundle(parts, out, (share) => noteStep({ step: 'packing', share }));
    return ok({ ...gathered.value, ...packed });
  } catch (cause) {
    rmSync(out, { force: true });
    return fail(notMade(causeText(cause)));
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}

/** @param cause - names what is wrong, and nothing of what was read */
export function notMade(cause: string): Fault<'BUNDLE_NOT_MADE'> {
  return {
    code: 'BUNDLE_NOT_MADE',
    problem: bilingual(`the bundle cannot be made: ${cause}`, `无法生成材料包：${cause}`),
    remedy: bilingual(
      'see docs/inspection.md; a shorter time makes a smaller bundle',
      '请参阅 docs/inspection.md；缩短时段可减小材料体积',
    ),
    retry: 'after-remedy',
  };
}
