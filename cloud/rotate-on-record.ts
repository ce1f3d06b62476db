import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import type { Zone } from '../proto/words/data-class.ts';
import type { Fault } from '../proto/words/fault.ts';
import { ok, type Result } from '../proto/words/result.ts';
import { type AccessState, accessState } from './composition/access-state.ts';
import { openLogs } from './composition/open-logs.ts';
import type { CloudConfig } from './config/config.ts';
import { openLog } from './log/open-log.ts';
import { rotateZone } from './rotate-zone.ts';

/**
 * Gives a zone another key pair, with an entry of the operations log before and one after it. What cannot be entered is not done; so no
 * cloud may run, for it has the log, and it would store nothing more in the zone anyhow.
 *
 * Faults: LOG_IN_USE and those of the log. @throws Error when a key or the vault cannot be used; the log has its beginning then
 *
 * @param uid - account of the operating system that does it
 * @returns how many sessions were sealed anew
 */
export function rotateOnRecord(
  zone: Zone,
  loaded: LoadedConfig<CloudConfig>,
  { clock, uid }: Pick<RoleSurroundings, 'clock'> & { readonly uid: number | undefined },
): Result<number, Fault> {
  const { config, path } = loaded;
  const logs = openLogs(config, path, clock, openLog);
  if (!logs.ok) return logs;
  const { operations, alerts } = logs.value;
  const actor = config.access?.accounts.find((one) => one.uid === uid)?.account ?? `uid-${uid ?? 'unknown'}`;
  const enter = (kind: string, document: object) =>
    operations.append([{ kind, transferId: '', actor, document: { zone, ...document } }]);
  const key = (): AccessState[string] => accessState(loaded)[`zone-key-${zone}`] ?? 'absent';
  try {
    const before = key();
    const begun = enter('zone-rotate', { before });
    if (!begun.ok) return begun;
    const sessions = rotateZone(zone, path(config.zones.keys), path(config.zones.vaults));
    const done = enter('zone-rotated', { before, after: key(), sessions });
    return done.ok ? ok(sessions) : done;
  } finally {
    operations.close();
    alerts.close();
  }
}
