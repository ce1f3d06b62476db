import type { CatalogueRow } from './catalogue-row.ts';
import type { LeafTuple } from './vss-leaves.table.ts';

/** Attributes that the overlay adds to a leaf. Whoever reads it with vss-tools names them behind `-e`. */
export const OVERLAY_ATTRIBUTES = [
  'tongguan-classes',
  'tongguan-kind',
  'tongguan-items',
  'tongguan-zone',
  'tongguan-exportable',
  'tongguan-edge',
  'tongguan-retention',
  'tongguan-reason-en',
  'tongguan-reason-zh',
  'tongguan-cite',
] as const;

/**
 * The signals of a catalogue as a VSS overlay: vspec YAML, one leaf after the other, instances expanded. Type and datatype
 * are those of VSS 6.0; an overlay that leaves them out is refused. Leaves that a tree may not have come whole, with a
 * description and their branches.
 *
 * @param leaves - in the order they are written; one without a row is left out
 * @param added - leaves that a tree may not have
 */
export function vssOverlay(
  leaves: readonly LeafTuple[],
  added: readonly LeafTuple[],
  signal: (path: string) => CatalogueRow | undefined,
): string {
  const branches = [...new Set(added.flatMap(([path]) => branchesOf(path)))].filter(
    (branch) => !leaves.some(([path]) => path.startsWith(`${branch}.`)),
  );
  const blocks = [
    ...leaves.map((leaf) => block(leaf, signal(leaf[0]), [])),
    ...branches.map((branch) => `${branch}:\n  type: branch\n  description: ${ADDED}\n`),
    ...added.map((leaf) => block(leaf, signal(leaf[0]), wholeOf(leaf))),
  ];
  return `${HEAD}\n${blocks.filter((one) => one !== '').join('\n')}`;
}

const ADDED = 'Added by this overlay where the tree does not have it.';

function wholeOf([, , , unit, min, max]: LeafTuple): readonly string[] {
  return Object.entries({ description: ADDED, unit, min, max }).flatMap(([key, value]) =>
    value === undefined ? [] : [`  ${key}: ${value}`],
  );
}

const HEAD = `# Made by \`tongguan catalogue export\`. Paths, types and datatypes: COVESA Vehicle Signal Specification 6.0, MPL-2.0.
# vspec export json -s VehicleSignalSpecification.vspec -l THIS -e ${OVERLAY_ATTRIBUTES.join(' -e ')}
`;

function branchesOf(path: string): readonly string[] {
  const names = path.split('.');
  return names.slice(0, -1).map((_, at) => names.slice(0, at + 1).join('.'));
}

function block([path, node, datatype]: LeafTuple, row: CatalogueRow | undefined, more: readonly string[]): string {
  if (row === undefined) return '';
  const values = overlayValues(row);
  // JSON of one line is YAML, and needs no rules of quoting.
  const attributes = OVERLAY_ATTRIBUTES.map((name) => `  ${name}: ${JSON.stringify(values[name])}`);
  return [`${path}:`, `  type: ${node}`, `  datatype: ${datatype}`, ...more, ...attributes, ''].join('\n');
}

/** The attributes of one row. */
export function overlayValues(row: CatalogueRow): Readonly<Record<(typeof OVERLAY_ATTRIBUTES)[number], unknown>> {
  return {
    'tongguan-classes': row.classes,
    'tongguan-kind': row.fieldKind,
    'tongguan-items': row.items,
    'tongguan-zone': row.zone,
    'tongguan-exportable': row.exportable,
    'tongguan-edge': row.edge,
    'tongguan-retention': row.retention,
    'tongguan-reason-en': row.reason.en,
    'tongguan-reason-zh': row.reason.zh,
    'tongguan-cite': row.cite,
  };
}
