import { DATA_CLASSES } from '../../proto/words/data-class.ts';
import { UNKNOWN_ROW } from './catalogue.ts';
import type { CatalogueRow } from './catalogue-row.ts';

/** In what a row is milder than another. */
export type Milder =
  | 'classes'
  | 'items'
  | 'zone'
  | 'exportable'
  | 'edge'
  | 'retention'
  | 'fieldKind'
  | 'value'
  | 'bounds';

/**
 * In what `own` is milder than `shipped`; empty when it is as strict or stricter. A row for what the product does not know is
 * held against the unknown row, so it is milder in whatever it takes away.
 */
export function milderIn(own: CatalogueRow, shipped: CatalogueRow): readonly Milder[] {
  const isUnknown = shipped.rule === UNKNOWN_ROW.rule;
  const found: readonly (readonly [Milder, boolean])[] = [
    ['classes', shipped.classes.some((one) => !own.classes.includes(one))],
    ['items', shipped.items.some((one) => !own.items.includes(one))],
    ['zone', own.zone !== shipped.zone && !(shipped.zone === 'personal' && ZONES_ABOVE_PERSONAL.has(own.zone))],
    ['exportable', own.exportable && !shipped.exportable],
    ['edge', own.edge === 'allowed' && shipped.edge === 'forbidden'],
    ['retention', own.retention !== shipped.retention && own.retention !== SHORTEST],
    ['fieldKind', !isUnknown && own.fieldKind !== shipped.fieldKind],
    ['value', !isUnknown && own.value !== shipped.value],
    ['bounds', !isUnknown && isWider(own, shipped)],
  ];
  return found.flatMap(([aspect, isMilder]) => (isMilder ? [aspect] : []));
}

/** What no signature mends: the row says two things at once, or opens what is never open. */
export function contradictionsOf(own: CatalogueRow, shipped: CatalogueRow): readonly Contradiction[] {
  const isHome = own.classes.some((one) => AT_HOME.has(one));
  const found: readonly (readonly [Contradiction, boolean])[] = [
    ['class-and-exportable', own.exportable && isHome],
    ['text-and-exportable', own.exportable && own.value === 'text'],
    ['forbidden-and-exportable', own.exportable && own.edge === 'forbidden'],
    ['never-opened', shipped.edge === 'forbidden' && (own.exportable || own.edge === 'allowed')],
    ['geographic-zone', own.classes.includes('geographic') !== (own.zone === 'geographic') && own.zone !== 'important'],
    ['personal-zone', own.zone === 'general' && own.classes.some((one) => one !== 'general')],
    ['signal-without-personal', own.path.startsWith('Vehicle.') && !own.classes.includes('personal')],
    ['bounds', own.min !== undefined && own.max !== undefined && own.min >= own.max],
  ];
  return found.flatMap(([name, isSo]) => (isSo ? [name] : []));
}

export type Contradiction =
  | 'class-and-exportable'
  | 'text-and-exportable'
  | 'forbidden-and-exportable'
  | 'never-opened'
  | 'geographic-zone'
  | 'personal-zone'
  | 'signal-without-personal'
  | 'bounds';

const AT_HOME: ReadonlySet<string> = new Set(DATA_CLASSES.filter((one) => one !== 'general' && one !== 'personal'));
/** The geographic zone and the important one have custodians of their own, and neither is above the other. */
const ZONES_ABOVE_PERSONAL: ReadonlySet<string> = new Set(['geographic', 'important']);
const SHORTEST = 'sensitive-on-request-10wd';

function isWider(own: CatalogueRow, shipped: CatalogueRow): boolean {
  const low = shipped.min !== undefined && (own.min === undefined || own.min < shipped.min);
  const high = shipped.max !== undefined && (own.max === undefined || own.max > shipped.max);
  return low || high;
}
