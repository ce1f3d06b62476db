import { bilingual } from '../../proto/words/fault.ts';
import { carriesIdentifier } from '../../proto/words/identifiers.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { parseVssPath } from '../../proto/words/vss-path.ts';
import type { Catalogue } from './catalogue.ts';
import type { OperatorRowsFault } from './operator-rows.ts';
import { OVERLAY_ATTRIBUTES, overlayValues } from './vss-overlay.ts';

/** What a VSS overlay comes to under a catalogue. */
export interface OverlayJudgement {
  /** Signals with a row. */
  readonly known: number;
  /** Signals without one: they stay at home until a row is written. */
  readonly unknown: readonly string[];
  /** Signals that the overlay annotates otherwise than the catalogue; the catalogue is what applies. */
  readonly differing: readonly string[];
}

/**
 * Judges the signals of a VSS overlay, as vss-tools reads it: paths at the top, each with a `type`.
 *
 * @param overlay - the parsed file
 */
export function judgeOverlay(overlay: unknown, catalogue: Catalogue): Result<OverlayJudgement, OperatorRowsFault> {
  if (!isMapping(overlay)) return fail(invalid());
  const leaves = Object.entries(overlay).flatMap(([path, node]) =>
    isMapping(node) && isLeaf(node) ? [{ path, node }] : [],
  );
  const wrong = Object.entries(overlay).some(([path, node]) => !isMapping(node) || !isPath(path));
  if (wrong || leaves.length === 0) return fail(invalid());
  const unknown = leaves.filter(({ path }) => catalogue.signal(path) === undefined);
  const differing = leaves.filter(({ path, node }) => {
    const row = catalogue.signal(path);
    if (row === undefined) return OVERLAY_ATTRIBUTES.some((name) => name in node);
    const values = overlayValues(row);
    return OVERLAY_ATTRIBUTES.some(
      (name) => name in node && JSON.stringify(node[name]) !== JSON.stringify(values[name]),
    );
  });
  return ok({
    known: leaves.length - unknown.length,
    unknown: unknown.map(({ path }) => path),
    differing: differing.map(({ path }) => path),
  });
}

type Mapping = Readonly<Record<string, unknown>>;

function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isLeaf(node: Mapping): boolean {
  return node['type'] === 'sensor' || node['type'] === 'actuator' || node['type'] === 'attribute';
}

function isPath(path: string): boolean {
  return path === 'Vehicle' || (parseVssPath(path).ok && !carriesIdentifier(path));
}

function invalid(): OperatorRowsFault {
  return {
    code: 'CATALOGUE_INVALID',
    problem: bilingual('the file holds neither `rows` nor VSS signals', '文件中既无 `rows` 也无 VSS 信号'),
    remedy: bilingual(
      'write rows as docs/catalogue.md shows, or give a VSS overlay',
      '按 docs/catalogue.md 编写条目，或提供 VSS 覆盖文件',
    ),
    retry: 'after-remedy',
  };
}
