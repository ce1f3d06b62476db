import { bilingual, causeText, type Fault, renderFault } from '../../proto/words/fault.ts';
import { decide } from '../transfer/decide.ts';
import { explain, type Language } from '../transfer/explain.ts';
import { parseFactsText } from '../transfer/facts-text.ts';
import { nearestWays } from '../transfer/nearest-ways.ts';
import { type CliIo, EXIT, type ExitStatus } from './cli-io.ts';
import { readLaw } from './read-law.ts';

export interface DecideArgs {
  /** A facts file, YAML or JSON; docs/transfer-facts.md. */
  readonly path: string;
  /** An operator's rows, laid over the shipped ones; docs/law.md. */
  readonly rules?: string;
  readonly json: boolean;
  readonly language: Language;
}

/**
 * `tongguan decide FACTS.yaml [--rules FILE] [--json] [--lang zh]`: the verdict on one transfer, with no server and no register.
 *
 * @returns 0 permit, 3 withhold, 2 when the facts file or the rules cannot be read or are faulty; then stdout has no verdict
 */
export async function decideCommand(args: DecideArgs, io: CliIo): Promise<ExitStatus> {
  const text = await readText(args.path, io);
  if (typeof text !== 'string') return report([text], args, io);
  const facts = parseFactsText(text);
  if (!facts.ok) return report(facts.fault, args, io);
  const law = await readLaw(args.rules, io);
  if (!law.ok) return report(law.fault, args, io);
  const verdict = decide(facts.value, law.value.verdicts);
  const ways = nearestWays(facts.value, law.value.verdicts);
  if (args.json) io.out(JSON.stringify({ ...verdict, nearestWays: ways }));
  else {
    for (const line of explain(verdict, args.language, law.value.instruments)) io.out(line);
    for (const { text } of ways) io.out(`${NEAREST[args.language]}: ${text[args.language]}`);
  }
  return verdict.decision === 'permit' ? EXIT.done : EXIT.withheld;
}

const NEAREST = { en: 'nearest lawful way', zh: '最近的合法方式' } as const;

async function readText(path: string, io: CliIo): Promise<string | Fault> {
  try {
    return await io.readFile(path);
  } catch (cause) {
    return factsUnreadable(causeText(cause));
  }
}

export function factsUnreadable(cause: string): Fault<'FACTS_UNREADABLE'> {
  return {
    code: 'FACTS_UNREADABLE',
    problem: bilingual(`the facts file cannot be read: ${cause}`, `无法读取事实文件：${cause}`),
    remedy: bilingual('check the path and the rights of the file', '检查路径和文件权限'),
    retry: 'after-remedy',
  };
}

function report(faults: readonly Fault[], { json, language }: DecideArgs, io: CliIo): ExitStatus {
  if (json) io.out(JSON.stringify({ faults }));
  for (const fault of faults) io.err(renderFault('tongguan', fault, language));
  return EXIT.usage;
}
