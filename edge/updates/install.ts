import type { UpdateReason, UpdateState } from '../../proto/words/update.ts';
import type { EcuStatus, Ecus } from '../ports/ecus.ts';
import type { ImageFile } from '../ports/image-file.ts';
import type { UpdateJob } from '../ports/update-store.ts';

/** What an installation comes to, or undefined while it goes on. */
export interface Ending {
  readonly state: UpdateState;
  readonly reason: UpdateReason;
  readonly version: number;
}

export interface InstallParts {
  readonly ecu: string;
  /** Version of the package. */
  readonly version: number;
  readonly ecus: Ecus;
  readonly image: ImageFile;
  readonly job: () => UpdateJob;
  /** Durable once it returns: what was decided stands before it is done. */
  readonly keep: (change: Partial<Pick<UpdateJob, 'writes' | 'isCondemned'>>) => void;
  /** Whether an installation may begin at this moment, and whether an ECU may be restarted at all. */
  readonly mayBegin: () => boolean;
  readonly mayRestart: () => boolean;
  /** Whether the image on the disk is still the one that was verified. */
  readonly isWhole: () => boolean;
}

/** How often an image is written before it is given up: a power cut may come in between. */
export const WRITES_MAX = 3;
/** Acts of one turn; the next turn goes on. */
const ACTS_MAX = 8;

/**
 * Brings an ECU to the new version or back to the old one. It looks at what the ECU runs before each act and remembers
 * only two things, so that a power cut anywhere leaves nothing undecided.
 *
 * @returns undefined where it has to wait or be asked again
 */
export async function install(parts: InstallParts): Promise<Ending | undefined> {
  for (let act = 0; act < ACTS_MAX; act += 1) {
    const status = await parts.ecus.status(parts.ecu);
    if (status === undefined) return undefined;
    const ending = endingOf(status, parts);
    if (ending !== undefined) return ending;
    if (!(await actOn(status, parts))) return undefined;
  }
  return undefined;
}

function endingOf(
  { version: running, isConfirmed }: EcuStatus,
  { version, job }: Pick<InstallParts, 'version' | 'job'>,
): Ending | undefined {
  const { isCondemned, writes } = job();
  if (running === version && isConfirmed && !isCondemned) return { state: 'installed', reason: 'none', version };
  if (running === version) return undefined;
  if (isCondemned) return { state: 'rolled-back', reason: 'health', version: running };
  // A workshop was faster.
  if (running > version) return { state: 'failed', reason: 'version', version: running };
  return writes >= WRITES_MAX ? { state: 'failed', reason: 'install', version: running } : undefined;
}

/** Gives whether to look again. */
async function actOn({ version: running }: EcuStatus, parts: InstallParts): Promise<boolean> {
  const { ecu, ecus, keep, job } = parts;
  if (running !== parts.version) return writeAndStart(parts);
  if (!job().isCondemned) {
    if (await ecus.check(ecu)) return ecus.confirm(ecu);
    keep({ isCondemned: true });
  }
  return parts.mayRestart() && ecus.revert(ecu);
}

async function writeAndStart(parts: InstallParts): Promise<boolean> {
  const { ecu, ecus, image, version, keep, job, mayBegin } = parts;
  if (!mayBegin()) return false;
  keep({ writes: job().writes + 1 });
  if (!parts.isWhole()) return false;
  // What was written may have taken its time: the vehicle may be on the road by now.
  return (await ecus.write(ecu, image, version)) && mayBegin() && ecus.start(ecu);
}
