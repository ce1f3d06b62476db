import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { stopMarkFiles } from '../../../cloud/adapters/stop-mark-files.ts';
import { stopMemoryFile } from '../../../cloud/adapters/stop-memory-file.ts';
import { createEmergencyWatch } from '../../../cloud/emergency/emergency-watch.ts';
import { resumeExports } from '../../../cloud/emergency/resume-exports.ts';
import { type EmergencyParts, stopExports } from '../../../cloud/emergency/stop-exports.ts';
import { stopInForce } from '../../../cloud/emergency/stop-note.ts';
import type { AuthorityRow } from '../../../cloud/ports/transfer-register.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import { fail, ok } from '../../../proto/words/result.ts';
import type { Instant } from '../../../proto/words/time.ts';
import { Killed, row } from './approval-gate.ts';
import { scratchDirectory } from './stores.ts';

export const NOW = Date.parse('2026-03-02T04:00:00Z') as Instant;

/** Bob (with two accounts), Carol and Dora may resume; Alice may not. */
export const RESUMERS: readonly AuthorityRow[] = [
  row('alice', 'p-alice', 'request'),
  row('bob', 'p-bob', 'resume'),
  row('bob-2', 'P-BOB', 'resume'),
  row('carol', 'p-carol', 'resume', 'approve'),
  row('dora', 'p-dora', 'resume'),
];

interface Entry {
  readonly kind: string;
  readonly transferId: string;
  readonly actor: string;
  readonly document: Readonly<Record<string, unknown>>;
}

const diskFull: Fault = {
  code: 'LOG_UNAVAILABLE',
  problem: { en: 'full', zh: '满' },
  remedy: { en: 'free space', zh: '释放空间' },
  retry: 'later',
};

/** Stop and resumption over real files; logs are lists that survive a kill, and can be full. */
export function emergencyWorld() {
  const directory = scratchDirectory();
  mkdirSync(join(directory, 'border', 'outbox'), { recursive: true });
  const world = {
    now: NOW as Instant,
    matrix: RESUMERS as readonly AuthorityRow[] | undefined,
    killAt: Infinity,
    isFull: false,
  };
  const operations: Entry[] = [];
  const alerts: Entry[] = [];
  const incidents = new Set<string>();
  const permits = new Set(['t1', 't2']);
  const faults: string[] = [];
  let writes = 0;
  let drawn = 0;
  const alive = (): void => {
    writes += 1;
    if (writes > world.killAt) throw new Killed();
  };
  const dying =
    <Args extends readonly unknown[], T>(work: (...args: Args) => T) =>
    (...args: Args): T => {
      alive();
      return work(...args);
    };
  const log = (into: Entry[]): EmergencyParts['operations'] => ({
    append: (entries) => {
      alive();
      if (world.isFull) return fail(diskFull);
      into.push(...(entries as readonly Entry[]));
      return ok({ firstIndex: into.length - entries.length, leafHashes: [] });
    },
  });
  const build = (): EmergencyParts => {
    const mark = stopMarkFiles(join(directory, 'border'));
    const memory = stopMemoryFile(join(directory, 'emergency-stop.json'));
    return {
      clock: { now: () => world.now },
      draw: (bytes) => {
        drawn += 1;
        return String(drawn).padStart(bytes * 2, '0');
      },
      mark: { ...mark, write: dying(mark.write), remove: dying(mark.remove) },
      memory: { ...memory, save: dying(memory.save), forget: dying(memory.forget) },
      operations: log(operations),
      alerts: log(alerts),
      entryAt: (index) => operations[index],
      matrix: () => world.matrix,
      permitted: () => [...permits],
      revokePermits: () => {
        for (const id of [...permits]) {
          alive();
          permits.delete(id);
        }
      },
      enterIncident: ({ id }) => {
        alive();
        incidents.add(id);
        return ok(undefined);
      },
    };
  };
  let parts = build();
  const look = (): void => createEmergencyWatch(parts, ({ code }) => faults.push(code))();
  return {
    world,
    directory,
    operations,
    alerts,
    incidents,
    permits,
    faults,
    look,
    mark: join(directory, 'border', 'emergency-stop'),
    parts: () => parts,
    stop: (reason = 'a parcel went astray') => stopExports({ reason, by: 'alice' }, parts),
    resume: (by: string) => resumeExports(by, parts),
    inForce: () => stopInForce(parts),
    writes: () => writes,
    kinds: () => operations.map(({ kind }) => kind),
    codes: () => alerts.map(({ document }) => document['code']),
    /** As after a kill: files and logs stay, everything else is made anew. */
    restart: () => {
      world.killAt = Infinity;
      parts = build();
      look();
    },
  };
}
