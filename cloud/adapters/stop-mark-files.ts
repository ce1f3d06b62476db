import {
  closeSync,
  fsyncSync,
  linkSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bilingual, causeText, type Fault } from '../../proto/words/fault.ts';
import { fail, ok } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { StopMark, StopMarkFault, StopNote } from '../ports/emergency.ts';

/** Names that the exporter knows: beside the outbox, with what people want to know, and in it, empty. */
const BESIDE = 'emergency-stop';
const WITHIN = join('outbox', 'STOP');

const NOTE_BYTES_MAX = 8_192;
const MODE = 0o640;

/** Marks in a border directory. Both are written and each is enough: a full disk still takes the name of an empty file. */
export function stopMarkFiles(directory: string): StopMark {
  const beside = join(directory, BESIDE);
  const within = join(directory, WITHIN);
  return {
    read: () => {
      const marks = [beside, within].map(stateOf);
      if (marks.every((mark) => mark === 'absent')) return 'absent';
      return marks[0] === 'there' ? (readNote(beside) ?? 'unreadable') : 'unreadable';
    },
    write: (note) => {
      const written = [
        place(beside, () => writeWhole(beside, note)) ||
          place(beside, () => touch(beside)) ||
          place(beside, () => mkdirSync(beside)),
        place(within, () => touch(within)),
      ];
      return written.includes(true) ? ok(undefined) : fail(notStopped());
    },
    remove: () => {
      try {
        for (const path of [beside, within]) {
          rmSync(path, { recursive: true, force: true });
          syncDirectory(dirname(path));
        }
        return ok(undefined);
      } catch (cause) {
        return fail(notLifted(causeText(cause)));
      }
    },
  };
}

function stateOf(path: string): 'absent' | 'there' | 'unknown' {
  try {
    lstatSync(path);
    return 'there';
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === 'ENOENT' ? 'absent' : 'unknown';
  }
}

/** True once the mark lies there, whoever put it there. */
function place(path: string, write: () => void): boolean {
  try {
    if (stateOf(path) === 'absent') write();
    syncDirectory(dirname(path));
    return true;
  } catch {
    return stateOf(path) === 'there';
  }
}

/** Linked into place, so that nobody sees half of it and a stop that is there already stays. */
function writeWhole(path: string, note: StopNote): void {
  const staging = `${path}.${note.id}.tmp`;
  try {
    const file = openSync(staging, 'w', MODE);
    try {
      const bytes = Buffer.from(`${JSON.stringify({ stop: 1, ...note })}\n`);
      for (let at = 0; at < bytes.length; ) at += writeSync(file, bytes, at);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    linkSync(staging, path);
  } finally {
    rmSync(staging, { force: true });
  }
}

function touch(path: string): void {
  closeSync(openSync(path, 'wx', MODE));
}

function readNote(path: string): StopNote | undefined {
  try {
    if (lstatSync(path).size > NOTE_BYTES_MAX) return undefined;
    const { id, at, by, reason } = JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>;
    const isNote = typeof id === 'string' && typeof by === 'string' && typeof reason === 'string';
    return isNote && Number.isSafeInteger(at) ? { id, at: at as Instant, by, reason } : undefined;
  } catch {
    return undefined;
  }
}

function syncDirectory(path: string): void {
  const directory = openSync(path, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

function notStopped(): StopMarkFault {
  return {
    code: 'EMERGENCY_STOP_FAILED',
    problem: bilingual(
      'no mark can be written into the border directory: exports are NOT stopped',
      '无法在出境目录写入停止标记：出境尚未停止',
    ),
    remedy: bilingual(
      'end the process of the exporter at once (`systemctl stop` or `kill`), or cut its network; then restore the border directory',
      '请立即终止出境端进程（`systemctl stop` 或 `kill`）或切断其网络；然后恢复出境目录',
    ),
    retry: 'now',
  };
}

function notLifted(cause: string): Fault<'EMERGENCY_MARK_KEPT'> {
  return {
    code: 'EMERGENCY_MARK_KEPT',
    problem: bilingual(`the mark of the stop cannot be taken away: ${cause}`, `无法移除停止标记：${cause}`),
    remedy: bilingual(
      'restore access to the border directory; it is tried again by itself',
      '请恢复对出境目录的访问；系统会自动重试',
    ),
    retry: 'later',
  };
}
