import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';

export interface TerminalPasswordIo extends CliIo {
  readonly hash: (password: string) => Promise<string>;
}

/** What the field of a platform login holds (7.4). */
const PASSWORD = /^[\x21-\x7e]{1,20}$/;

/** `tongguan terminal hash FILE`: what `terminals.gb32960.platforms` takes. Returns 0, 2 without a usable password. */
export async function terminalPasswordCommand(
  { file, json }: { readonly file: string; readonly json: boolean },
  io: TerminalPasswordIo,
): Promise<ExitStatus> {
  try {
    const password = (await io.readFile(file)).trim();
    if (!PASSWORD.test(password)) {
      io.err(renderFault('terminal', unusable('it is not 1 to 20 characters without blanks')));
      return EXIT.usage;
    }
    const passwordHash = await io.hash(password);
    io.out(json ? JSON.stringify({ passwordHash }) : passwordHash);
    return EXIT.done;
  } catch (cause) {
    io.err(renderFault('terminal', unusable(causeText(cause))));
    return EXIT.usage;
  }
}

function unusable(cause: string): Fault<'TERMINAL_PASSWORD'> {
  return {
    code: 'TERMINAL_PASSWORD',
    problem: bilingual(`the password cannot be used: ${cause}`, `口令不可用：${cause}`),
    remedy: bilingual('name a file with the password in it', '请指定写有口令的文件'),
    retry: 'after-remedy',
  };
}
