import { join } from 'node:path';
import { readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { CloudConfig } from '../config/config.ts';
import { newStopId, plainName, plainReason } from '../emergency/stop-note.ts';
import type { StopMark, StopNote } from '../ports/emergency.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import type { AskCloud } from './transfer.command.ts';

export interface EmergencyArgs {
  /** cloud.yaml; or `data`, the directory of `tongguan up`; or `socket` of the running cloud alone. */
  readonly config?: string;
  readonly data?: string;
  readonly socket?: string;
  readonly by: string;
  readonly json: boolean;
  readonly language: 'en' | 'zh';
}

export interface EmergencyIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err' | 'clock'> {
  readonly ask: AskCloud;
  /** Random bytes as lower-case hexadecimal. */
  readonly draw: (bytes: number) => string;
  /** Marks of a border directory. */
  readonly mark: (border: string) => StopMark;
  /** How long a stop waits for the cloud's word once its marks are written; the report needs it. */
  readonly lateMs: number;
  /** @throws the system's error; it writes over nothing */
  readonly write: (path: string, text: string) => void;
}

/** A cloud that has not answered by then is passed by: what is being sent has to be cut within a second. */
export const ASK_MS_MAX = 500;

/**
 * `tongguan emergency stop --reason TEXT`: the running cloud stops; one that does not answer is passed by, and the mark that the
 * exporter honours is written here. The cloud takes note of it when it can.
 *
 * @param report - where the draft for the regulator goes, Markdown in the language of the command
 * @returns 0 stopped, 1 NOT stopped, 2 usage or configuration
 */
export async function emergencyStopCommand(
  args: EmergencyArgs & { readonly reason: string; readonly report?: string },
  io: EmergencyIo,
): Promise<ExitStatus> {
  const places = placesOf(args, io);
  if (!places.ok) return tell(io, args, places.fault, EXIT.usage);
  const { reason, by } = args;
  const answer = io.ask(places.value.socket, 'POST', '/v1/emergency/stop', { reason, by });
  const asked = await within(answer, ASK_MS_MAX);
  if (asked?.status === 200) return stoppedByCloud(asked.body, args, io);
  const { border } = places.value;
  if (border === undefined) return tell(io, args, unreachable(), EXIT.fault);
  const marked = markHere(border, args, io);
  if (!marked.ok) return tell(io, args, marked.fault, EXIT.fault);
  const late = await within(answer, io.lateMs);
  if (late?.status === 200) return stoppedByCloud(late.body, args, io);
  io.err(renderFault('emergency', markedOnly(), args.language));
  const done = { stopped: true, stop: marked.value, source: 'mark', done: { marked: true } };
  io.out(args.json ? JSON.stringify(done) : `stopped  ${marked.value.id}  by its mark`);
  return EXIT.done;
}

function stoppedByCloud(
  body: Readonly<Record<string, unknown>>,
  args: EmergencyArgs & { readonly report?: string },
  io: EmergencyIo,
): ExitStatus {
  const { stop, revoked, faults } = body as {
    stop: { id: string };
    revoked: readonly string[];
    faults: readonly Fault[];
  };
  for (const fault of faults) io.err(renderFault('emergency', fault, args.language));
  const told = writeReport(args, body, io);
  io.out(args.json ? JSON.stringify(body) : `stopped  ${stop.id}  permits withdrawn: ${revoked.length}`);
  return told;
}

function markHere(
  border: string,
  { by, reason }: EmergencyArgs & { readonly reason: string },
  io: EmergencyIo,
): Result<StopNote, Fault> {
  const mark = io.mark(border);
  const at = io.clock.now();
  const note = { id: newStopId(at, io.draw), at, by: plainName(by), reason: plainReason(reason) };
  const before = mark.read();
  const written = mark.write(note);
  return written.ok ? ok(typeof before === 'object' ? before : note) : written;
}

/** `tongguan emergency status`: the stop in force; exit 3 while there is one. */
export async function emergencyStatusCommand(
  args: EmergencyArgs & { readonly report?: string },
  io: EmergencyIo,
): Promise<ExitStatus> {
  const places = placesOf(args, io);
  if (!places.ok) return tell(io, args, places.fault, EXIT.usage);
  const { socket, border } = places.value;
  const asked = await within(io.ask(socket, 'GET', '/v1/emergency'), io.lateMs);
  if (asked?.status === 200) {
    const { stopped, stop, resume } = asked.body as {
      stopped: boolean;
      stop?: { id: string; reason: string };
      resume?: { approvals: readonly { account: string }[] };
    };
    const words = resume?.approvals.map(({ account }) => account).join(', ') ?? '';
    io.out(
      args.json
        ? JSON.stringify(asked.body)
        : stopped
          ? `stopped  ${stop?.id}  ${stop?.reason}  resumed by: ${words}`
          : 'not stopped',
    );
    const told = stopped ? writeReport(args, asked.body, io) : EXIT.done;
    return told === EXIT.done && stopped ? EXIT.withheld : told;
  }
  if (asked?.status === 403) return tell(io, args, asked.body['fault'] as Fault, EXIT.withheld);
  if (border === undefined) return tell(io, args, unreachable(), EXIT.fault);
  const seen = io.mark(border).read();
  const stopped = seen !== 'absent';
  io.err(renderFault('emergency', unreachable(), args.language));
  const stop = typeof seen === 'object' ? { stop: seen } : {};
  io.out(
    args.json
      ? JSON.stringify({ stopped, ...stop, source: 'mark' })
      : stopped
        ? 'stopped  by its mark'
        : 'no mark of a stop',
  );
  return stopped ? EXIT.withheld : EXIT.done;
}

/**
 * `tongguan emergency resume --by ACCOUNT`: one person's word; the second one lifts the stop.
 *
 * @returns 0 it counts, whether or not a second is wanted; 1 it does not count; 2 usage or configuration
 */
export async function emergencyResumeCommand(args: EmergencyArgs, io: EmergencyIo): Promise<ExitStatus> {
  const places = placesOf(args, io);
  if (!places.ok) return tell(io, args, places.fault, EXIT.usage);
  try {
    const { status, body } = await io.ask(places.value.socket, 'POST', '/v1/emergency/resume', { by: args.by });
    if (status !== 200) return tell(io, args, body['fault'] as Fault, status === 400 ? EXIT.usage : EXIT.fault);
    const { state, approvals } = body as { state: string; approvals: number };
    io.out(args.json ? JSON.stringify(body) : `${state}  persons: ${approvals}`);
    return EXIT.done;
  } catch {
    return tell(io, args, unreachable(), EXIT.fault);
  }
}

interface Places {
  readonly socket: string;
  /** Undefined where only the socket was named. */
  readonly border?: string;
}

function placesOf(args: EmergencyArgs, io: EmergencyIo): Result<Places, Fault> {
  const { config, data, socket } = args;
  if ([config, data, socket].filter((one) => one !== undefined).length !== 1) return fail(usage());
  if (socket !== undefined) return ok({ socket });
  const file = config ?? join(data ?? '', 'config', 'cloud.yaml');
  const loaded = readConfig(CloudConfig, file, 'cloud', io.environment);
  if (!loaded.ok) return fail(loaded.fault[0] ?? usage());
  const { config: read, path } = loaded.value;
  return ok({ socket: path(read.api.socket), border: path(read.border.directory) });
}

/** Undefined for a cloud that is not there, answers nothing in time, or answers what nobody understands. */
function within(answer: ReturnType<AskCloud>, ms: number): Promise<Awaited<ReturnType<AskCloud>> | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    answer.then(resolve, () => resolve(undefined)).finally(() => clearTimeout(timer));
  });
}

function writeReport(
  args: { readonly report?: string; readonly language: 'en' | 'zh' },
  body: object,
  io: EmergencyIo,
): ExitStatus {
  if (args.report === undefined) return EXIT.done;
  const { report } = body as { readonly report?: Readonly<Record<'en' | 'zh', string>> };
  try {
    io.write(args.report, report?.[args.language] ?? '');
    return EXIT.done;
  } catch (cause) {
    // The stop stands; only its draft could not be written.
    io.err(renderFault('emergency', unwritten(causeText(cause)), args.language));
    return EXIT.done;
  }
}

function tell(io: EmergencyIo, { language }: EmergencyArgs, fault: Fault, status: ExitStatus): ExitStatus {
  io.err(renderFault('emergency', fault, language));
  return status;
}

const usage = (): Fault<'EMERGENCY_PLACE'> => ({
  code: 'EMERGENCY_PLACE',
  problem: bilingual(
    'one of `--config`, `--data` and `--socket` says which installation',
    '须以 `--config`、`--data`、`--socket` 之一指明安装',
  ),
  remedy: bilingual(
    'name the configuration, or the data directory of `tongguan up`',
    '请指定配置文件，或 `tongguan up` 的数据目录',
  ),
  retry: 'after-remedy',
});

const unreachable = (): Fault<'EMERGENCY_CLOUD_SILENT'> => ({
  code: 'EMERGENCY_CLOUD_SILENT',
  problem: bilingual('the cloud does not answer on its socket', '云端在其套接字上无响应'),
  remedy: bilingual(
    'name the configuration or data directory as well: a stop works without the cloud, a resumption does not',
    '请同时指定配置或数据目录：停止无需云端运行，恢复则需要',
  ),
  retry: 'after-remedy',
});

const markedOnly = (): Fault<'EMERGENCY_MARKED_ONLY'> => ({
  code: 'EMERGENCY_MARKED_ONLY',
  problem: bilingual(
    'the cloud does not answer, so the stop was written past it',
    '云端无响应，已绕过云端写入停止标记',
  ),
  remedy: bilingual(
    'nothing is sent; once it runs the cloud logs it, withdraws permits and enters the incident: see `tongguan emergency status`, which writes the report',
    '出境已停止；云端恢复运行后将补记日志、撤销放行凭证并登记事件：参见 `tongguan emergency status`，可生成报告',
  ),
  retry: 'later',
});

const unwritten = (cause: string): Fault<'REPORT_NOT_MADE'> => ({
  code: 'REPORT_NOT_MADE',
  problem: bilingual(`the draft of the report cannot be written: ${cause}`, `无法写入报告草稿：${cause}`),
  remedy: bilingual(
    'name a file that does not exist, with `tongguan emergency status`',
    '请用 `tongguan emergency status` 指定尚不存在的文件',
  ),
  retry: 'after-remedy',
});
