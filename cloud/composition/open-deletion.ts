import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { replaceBackupKey } from '../adapters/backup-key.ts';
import type { CloudConfig } from '../config/config.ts';
import { type DeletionParts, overdue } from '../deletion/run-deletions.ts';
import { raiseAlert } from '../raise-alert.ts';
import type { CloudLogs } from './open-logs.ts';
import type { CloudStores } from './open-stores.ts';

/** Overdue deletions that one alert names; it counts them all. */
const NAMED_MAX = 100;

/** Puts together what carries deletions out. @param draw - random bytes as lower-case hexadecimal, for their ids */
export function openDeletion(
  { config, path }: LoadedConfig<CloudConfig>,
  { stores, logs }: { readonly stores: CloudStores; readonly logs: CloudLogs },
  { clock, draw }: RoleSurroundings & { readonly draw: (bytes: number) => string },
): DeletionParts {
  return {
    clock,
    register: stores.deletions,
    vaults: stores.vaults,
    zones: { ...stores.zones, quarantine: stores.quarantine },
    updates: stores.updates,
    operations: logs.operations,
    forgetBackups: () => replaceBackupKey(path(config.zones.keys)),
    retention: config.zones.retention ?? [],
    draw,
  };
}

/** SP21-9 gives ten working days; a request that has outlived them is a breach, and somebody has to be told. */
export function tellOverdue({ register, clock }: DeletionParts, logs: CloudLogs, around: RoleSurroundings): void {
  const late = overdue(register, clock);
  if (late.length === 0) return;
  const deletions = late.slice(0, NAMED_MAX).map(({ id }) => id);
  raiseAlert(logs, around, { code: 'DELETION_OVERDUE', deletions, count: late.length });
}
