import { execFile } from 'node:child_process';
import type { EcuStatus, Ecus } from '../ports/ecus.ts';

/**
 * ECUs behind a program of the integrator, which knows their diagnostics. It is started for each act, without a shell and with
 * nothing of the agent's environment; an exit status other than 0 and an answer that is late mean no.
 *
 * @param program - absolute path, and arguments that go before those of each act (docs/ota.md)
 */
export function ecuProgram(program: readonly [string, ...string[]], names: readonly string[]): Ecus {
  const [file, ...before] = program;
  const run = (verb: keyof typeof ACT_MS_MAX, ...rest: readonly string[]): Promise<string | undefined> =>
    new Promise((resolve) => {
      const options = {
        timeout: ACT_MS_MAX[verb],
        maxBuffer: ANSWER_BYTES_MAX,
        killSignal: 'SIGKILL',
        env: {},
      } as const;
      execFile(file, [...before, verb, ...rest], options, (cause, stdout) =>
        resolve(cause === null ? stdout : undefined),
      );
    });
  const isDone = async (...[verb, ...rest]: Parameters<typeof run>): Promise<boolean> =>
    (await run(verb, ...rest)) !== undefined;
  return {
    names,
    status: async (ecu) => statusOf(await run('status', ecu)),
    announce: (ecu, label, what) => isDone('announce', ecu, label, what),
    write: (ecu, image, version) => isDone('write', ecu, image.path, String(version)),
    start: (ecu) => isDone('start', ecu),
    check: (ecu) => isDone('check', ecu),
    confirm: (ecu) => isDone('confirm', ecu),
    revert: (ecu) => isDone('revert', ecu),
  };
}

/** `12 confirmed` or `12 trial`. */
function statusOf(answer: string | undefined): EcuStatus | undefined {
  const [, version, slot] = /^(\d{1,10}) (confirmed|trial)\n?$/.exec(answer ?? '') ?? [];
  const number = Number(version);
  if (version === undefined || number > VERSION_MAX) return undefined;
  return { version: number, isConfirmed: slot === 'confirmed' };
}

const VERSION_MAX = 4_294_967_295;
const ANSWER_BYTES_MAX = 4_096;

/** How long each act may take. */
const ACT_MS_MAX = {
  ...{ status: 10_000, announce: 120_000, write: 1_800_000, start: 120_000 },
  ...{ check: 300_000, confirm: 30_000, revert: 120_000 },
} as const;
