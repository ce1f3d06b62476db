import { OPERATION_KINDS, type OperationKind, PERMISSION_REGISTERS } from './operation-kinds.table.ts';

/**
 * The fields of an operation log (eight ministries' guidance of 2026-02-03, IV.3 (2)) that an entry does not have of itself. User, time
 * and type of operation are the entry's actor, time and kind.
 */
export interface OperationFields {
  readonly object: string;
  /** Where whoever did it was logged in from; `local` is the machine's own console, `process` no person. */
  readonly loginIp: string;
  /** Name of the host it was done on. */
  readonly device: string;
  readonly result: string;
  readonly permissionChange: boolean;
}

export interface OperationSource {
  readonly kind: string;
  readonly transferId: string;
  readonly document: unknown;
}

const FIELD_CHARACTERS_MAX = 128;

/** Nothing is unknown: a kind without a row is `done` upon its transfer, or upon itself. */
export function operationFields(
  { kind, transferId, document }: OperationSource,
  place: { readonly loginIp: string; readonly device: string },
): OperationFields {
  const row = Object.hasOwn(OPERATION_KINDS, kind) ? OPERATION_KINDS[kind] : undefined;
  const named = row?.object === undefined ? undefined : valueAt(document, row.object);
  const object = named ?? (transferId === '' ? kind : transferId);
  const { loginIp, device } = place;
  return {
    object,
    loginIp,
    device,
    result: resultOf(row, document),
    permissionChange: isPermission(kind, row, document),
  };
}

function resultOf(row: OperationKind | undefined, document: unknown): string {
  if (row === undefined) return 'done';
  return typeof row.result === 'string' ? row.result : (valueAt(document, row.result.key) ?? 'done');
}

function isPermission(kind: string, row: OperationKind | undefined, document: unknown): boolean {
  if (kind !== 'register') return row?.permission === true;
  return PERMISSION_REGISTERS.includes(valueAt(document, 'after.kind') ?? '');
}

/** @param path - keys with dots between */
function valueAt(document: unknown, path: string): string | undefined {
  let value = document;
  for (const key of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return typeof value === 'string' && value !== '' ? value.slice(0, FIELD_CHARACTERS_MAX) : undefined;
}
