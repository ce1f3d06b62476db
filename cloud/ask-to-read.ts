import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import { causeText, type Fault } from '../proto/words/fault.ts';
import { fail, ok, type Result } from '../proto/words/result.ts';
import { readInvalid, readUnlogged } from './access/access-fault.ts';
import { parseWish, type ReadingWish } from './access/reading-wish.ts';
import { type CommandReader, commandAccess, openAccess } from './composition/open-access.ts';
import { openLogs } from './composition/open-logs.ts';
import type { CloudConfig } from './config/config.ts';
import { findRegisterEntry } from './find-register-entry.ts';
import { openLog } from './log/open-log.ts';
import type { Reading } from './registers/kinds/principals.ts';

/** What a command is going to read, and why. */
export interface Wish {
  readonly reason?: string;
  readonly detail?: ReadingWish['detail'];
  /** What it is on record as, where it is more than a reading. */
  readonly act?: NonNullable<ReadingWish['act']>;
}

/** A reading that is on record. */
export interface GrantedReading {
  /** Who reads, by the account of their entry. */
  readonly account: string;
  /** Enters what came of it: hashes, counts. Faults: READ_UNLOGGED, ACCESS_*. */
  readonly ended: (detail: ReadingWish['detail']) => Promise<Result<void, Fault>>;
}

/** Asked before files of the cloud are read. Faults: ACCESS_*, READ_UNLOGGED, READ_INVALID; nothing may be read then. */
export type AskToRead = (
  loaded: LoadedConfig<CloudConfig>,
  wish?: Wish,
  reading?: Reading,
) => Promise<Result<GrantedReading, Fault>>;

export interface AskToReadParts extends Pick<RoleSurroundings, 'clock'>, CommandReader {
  /** Words of the command, `traffic export`. */
  readonly command: string;
  readonly reading: Reading;
  /** Rejects when nobody listens there, or the answer is late. */
  readonly ask: (
    socket: string,
    method: 'POST',
    path: string,
    body: object,
  ) => Promise<{ readonly status: number; readonly body: Readonly<Record<string, unknown>> }>;
}

/**
 * Whether a command may read, looked at here and by the running cloud, which enters it in its operations log first; where no
 * cloud runs, the command enters it itself. Whatever cannot be found out or entered is not read.
 */
export function askToRead(parts: AskToReadParts): AskToRead {
  return async (loaded, wish = {}, reading = parts.reading) => {
    const own = attempt(() => commandAccess(reading, loaded, parts, parts));
    const { reason = '', detail = {}, act } = wish;
    const from = { uid: parts.uid ?? null, address: addressOf(parts) };
    const about = { reading, command: parts.command, reason, ...from, ...(act !== undefined && { act }) };
    const entered = await enter({ ...about, stage: 'before', detail }, loaded, parts);
    // Refused here: that it was entered does not help, and that it could not be does not hide why.
    if (!own.ok) return own;
    if (!entered.ok) return entered;
    const ended: GrantedReading['ended'] = async (outcome) => {
      const after = await enter({ ...about, stage: 'after', detail: outcome }, loaded, parts);
      return after.ok ? ok(undefined) : after;
    };
    return ok({ account: own.value.id, ended });
  };
}

const addressOf = ({ remote }: CommandReader): string | null => remote?.split(' ')[0] ?? null;

/** Nobody listens at the socket: no cloud runs. Everything else is a cloud that cannot be asked. */
const NOBODY: readonly unknown[] = ['ENOENT', 'ECONNREFUSED'];

async function enter(
  wish: ReadingWish,
  loaded: LoadedConfig<CloudConfig>,
  parts: AskToReadParts,
): Promise<Result<void, Fault>> {
  const { access, api } = loaded.config;
  const parsed = parseWish(wish);
  if (!parsed.ok) return fail(readInvalid(parsed.fault));
  try {
    const { status, body } = await parts.ask(loaded.path(access?.socket ?? api.socket), 'POST', '/v1/readings', wish);
    if (status === 200) return ok(undefined);
    return fail((body['fault'] as Fault | undefined) ?? readUnlogged(`status ${status}`));
  } catch (cause) {
    const { code } = (cause ?? {}) as { readonly code?: unknown };
    return NOBODY.includes(code)
      ? attempt(() => enterAlone(wish, loaded, parts))
      : fail(readUnlogged(causeText(cause)));
  }
}

/** As the cloud would: the same guard over the same logs, which nobody else has open. */
function enterAlone(
  wish: ReadingWish,
  loaded: LoadedConfig<CloudConfig>,
  { clock }: AskToReadParts,
): Result<void, Fault> {
  const logs = openLogs(loaded.config, loaded.path, clock, openLog);
  if (!logs.ok) return fail(readUnlogged(logs.fault.code));
  const { operations, alerts } = logs.value;
  try {
    const find = (kind: string, id: string) => findRegisterEntry(loaded, clock, kind, id);
    const alert = (document: Readonly<Record<string, unknown>>): void => {
      alerts.append([{ kind: 'alert', transferId: '', actor: wish.command, document }]);
    };
    const entered = openAccess(loaded, find, { clock, operations, alert }).enter(wish);
    return entered.ok ? ok(undefined) : entered;
  } finally {
    operations.close();
    alerts.close();
  }
}

/** What throws here was not found out. */
function attempt<T>(work: () => Result<T, Fault>): Result<T, Fault> {
  try {
    return work();
  } catch (cause) {
    return fail(readUnlogged(causeText(cause)));
  }
}
