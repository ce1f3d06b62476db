import { stopMarkFiles } from '../../cloud/adapters/stop-mark-files.ts';
import { stopMemoryFile } from '../../cloud/adapters/stop-memory-file.ts';
import { createEmergencyWatch } from '../../cloud/emergency/emergency-watch.ts';
import { resumeExports } from '../../cloud/emergency/resume-exports.ts';
import { type EmergencyParts, stopExports } from '../../cloud/emergency/stop-exports.ts';
import { stopInForce } from '../../cloud/emergency/stop-note.ts';
import { ok } from '../../proto/words/result.ts';
import { type Disk, DiskFull } from './disk.ts';
import type { World } from './world.ts';

/** The emergency stop of one process of the desk, on its disk. */
export interface DeskEmergency {
  readonly inForce: () => string | undefined;
  readonly stop: (by: string) => string;
  readonly resume: (by: string) => string;
  readonly look: () => void;
}

type Given = Pick<EmergencyParts, 'operations' | 'entryAt' | 'matrix' | 'permitted' | 'revokePermits' | 'clock'>;

export const STOP_MEMORY = 'emergency-stop.json';

export function deskEmergency(world: World, disk: Disk, given: Given): DeskEmergency {
  const memory = stopMemoryFile(disk.at(STOP_MEMORY));
  const mark = stopMarkFiles(disk.at('border'));
  const parts: EmergencyParts = {
    ...given,
    draw: (bytes) => String(world.chance.below(10_000)).padStart(bytes * 2, '0'),
    // A mark is the name of an empty file at least, which a full disk still takes.
    mark: disk.mortal(mark, 'border', ['write', 'remove'], (work) => work()),
    memory: disk.mortal(memory, STOP_MEMORY, ['save', 'forget'], throwFull),
    alerts: { append: () => ok({ firstIndex: 0, leafHashes: [] }) },
    enterIncident: () => ok(undefined),
  };
  const told = (result: ReturnType<typeof stopExports> | ReturnType<typeof resumeExports>): string =>
    result.ok ? ('state' in result.value ? result.value.state : 'stopped') : result.fault.code;
  return {
    inForce: () => stopInForce(parts),
    stop: (by) => told(stopExports({ reason: 'a parcel went astray', by }, parts)),
    resume: (by) => told(resumeExports(by, parts)),
    look: createEmergencyWatch(parts, () => undefined),
  };
}

const throwFull = (): never => {
  throw new DiskFull();
};
