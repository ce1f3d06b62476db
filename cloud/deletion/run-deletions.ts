import { createHash } from 'node:crypto';
import { ZONES, type Zone } from '../../proto/words/data-class.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Clock, civilDateOf, DAY_MS, SHANGHAI_OFFSET_MS } from '../../proto/words/time.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { Deletion, DeletionRegister } from '../ports/deletion-register.ts';
import type { KeyVault, StoredKey } from '../ports/key-vault.ts';
import type { UpdateRegister } from '../ports/update-register.ts';
import type { DroppedKey } from '../ports/zone-store.ts';

export interface DeletionParts {
  readonly clock: Clock;
  readonly register: DeletionRegister;
  readonly vaults: Readonly<Record<Zone, KeyVault>>;
  readonly zones: Readonly<Record<Zone, { readonly drop: (keys: readonly DroppedKey[]) => number }>>;
  readonly updates: Pick<UpdateRegister, 'strike'>;
  readonly operations: AppendOnly;
  /** Makes what backups hold of destroyed keys unreadable. Durable once it returns. */
  readonly forgetBackups: () => void;
  /** Periods that the operator set, in days. */
  readonly retention: readonly { readonly class: string; readonly days: number }[];
  /** Random, as lower-case hexadecimal. */
  readonly draw: (bytes: number) => string;
}

export interface DeletionReport {
  readonly deletions: number;
  readonly keys: number;
  readonly records: number;
}

/**
 * Carries out every deletion that is open, after adding those that retention asks for. For each: entered in the log, rows
 * removed, data keys destroyed, backups made to forget, entered in the log as done. A crash anywhere leaves a deletion that is
 * open, and the next run brings it to its end.
 *
 * Faults: those of the log. @throws the store's error; what was done until then stays done
 */
export function runDeletions(parts: DeletionParts): Result<DeletionReport, Fault> {
  addExpired(parts);
  let keys = 0;
  let records = 0;
  const open = parts.register.list('open');
  for (const deletion of open) {
    const done = carryOut(deletion, parts);
    if (!done.ok) return done;
    keys += done.value.keys;
    records += done.value.records;
  }
  return ok({ deletions: open.length, keys, records });
}

/** One deletion a class whose records have come of age; none where there is nothing to delete. */
function addExpired({ retention, clock, vaults, register, draw }: DeletionParts): void {
  const now = clock.now();
  const today = Math.floor((now + SHANGHAI_OFFSET_MS) / DAY_MS);
  for (const { class: name, days } of retention) {
    const beforeDay = today - days;
    const isAny = ZONES.some((zone) => vaults[zone].select({ retention: name, beforeDay }).length > 0);
    if (!isAny) continue;
    register.add({
      id: newDeletionId(draw),
      cause: 'retention',
      requestedAt: now,
      requestedBy: 'retention',
      deviceNumbers: undefined,
      retention: name,
      beforeDay,
      reason: `kept for ${days} days`,
      due: civilDateOf(now),
    });
  }
}

export function newDeletionId(draw: (bytes: number) => string): string {
  return `d-${draw(8)}`;
}

interface Doomed {
  readonly zone: Zone;
  readonly keys: readonly StoredKey[];
}

function carryOut(deletion: Deletion, parts: DeletionParts): Result<{ keys: number; records: number }, Fault> {
  const doomed = ZONES.map((zone): Doomed => ({ zone, keys: parts.vaults[zone].select(selectionOf(deletion)) }));
  const begun = log(parts, 'deletion-begun', beginningOf(deletion, doomed));
  if (!begun.ok) return begun;
  parts.register.begin(deletion.id);
  const records = new Map<Zone, number>();
  for (const { zone, keys } of doomed) {
    // Rows before keys: as long as there is a key, the next run finds its rows.
    if (keys.length === 0) continue;
    records.set(zone, parts.zones[zone].drop(keys));
    parts.vaults[zone].destroy(keys.map(({ id }) => id));
  }
  const { deviceNumbers, retention } = deletion;
  // Where vehicles stand with updates is of no class: it goes when all of a vehicle goes.
  const updates = deviceNumbers === undefined || retention !== undefined ? 0 : parts.updates.strike(deviceNumbers);
  const destroyed = doomed.reduce((total, { keys }) => total + keys.length, 0);
  // One that was begun before may have destroyed keys of which nothing is left to count.
  if (destroyed + updates > 0 || deletion.state === 'begun') parts.forgetBackups();
  const total = [...records.values()].reduce((sum, count) => sum + count, 0);
  const document = {
    ...beginningOf(deletion, doomed),
    records: Object.fromEntries(records),
    updates,
    backups: 'forgotten',
  };
  const done = log(parts, 'deletion-done', document);
  if (!done.ok) return done;
  parts.register.finish(deletion.id, { at: parts.clock.now(), keys: destroyed, records: total });
  return ok({ keys: destroyed, records: total });
}

/** What is not said is left out, so that it selects nothing narrower. */
function selectionOf({ deviceNumbers, retention, beforeDay }: Deletion) {
  return {
    ...(deviceNumbers !== undefined && { deviceNumbers }),
    ...(retention !== undefined && { retention }),
    ...(beforeDay !== undefined && { beforeDay }),
  };
}

/** Counts and digests: who reads the log learns what was destroyed, and not whose it was. */
function beginningOf({ id, cause, reason, due, requestedBy }: Deletion, doomed: readonly Doomed[]): object {
  const zones = doomed
    .filter(({ keys }) => keys.length > 0)
    .map(({ zone, keys }) => ({ zone, keys: keys.length, keyIdsSha256: digestOf(keys) }));
  return { deletionId: id, cause, reason, due, requestedBy, zones };
}

/** SHA-256 over the key ids, ascending, as decimal numbers and line feeds. */
function digestOf(keys: readonly StoredKey[]): string {
  const ids = keys.map(({ id }) => id).sort((a, b) => a - b);
  return createHash('sha256').update(ids.join('\n')).digest('hex');
}

function log({ operations }: DeletionParts, kind: string, document: object): Result<unknown, Fault> {
  const appended = operations.append([{ kind, transferId: '', actor: 'cloud', document }]);
  return appended.ok ? ok(undefined) : fail(appended.fault);
}

/** Open deletions whose last day has passed. */
export function overdue(register: DeletionRegister, clock: Clock): readonly Deletion[] {
  const today = civilDateOf(clock.now());
  return register.list('open').filter(({ due }) => due < today);
}
