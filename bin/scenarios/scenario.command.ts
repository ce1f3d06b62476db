import { SEED_CHARACTERS_MAX } from '../../firmware-sim/options.ts';
import { SCENARIOS } from '../../firmware-sim/scenarios/scenarios.table.ts';
import { EXIT } from '../../proto/config/role.ts';
import { bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import { play } from './play.ts';
import { type StoryLanguage, storyOf } from './story.ts';

export interface ScenarioIo {
  /** Results, one line. */
  readonly out: (line: string) => void;
  /** Words for people, one line. */
  readonly err: (line: string) => void;
  /** Of the scenario, 0 to 1; where somebody looks at it, no lines tell it as well. */
  readonly noteShare?: ((share: number) => void) | undefined;
}

export interface RunFlags {
  readonly seed?: string;
  readonly json?: boolean;
  readonly long?: boolean;
  readonly lang: StoryLanguage;
}

/**
 * `tongguan sim run SCENARIO [--seed TEXT] [--long] [--json] [--lang en|zh]`
 *
 * @param io.scratch - an existing directory for temporary files
 * @returns exit status: 0 passed, 1 an expectation was not met, 2 usage
 */
export async function runScenario(
  id: string,
  flags: RunFlags,
  io: ScenarioIo & { readonly scratch: string },
): Promise<number> {
  const scenario = SCENARIOS.find((one) => one.id === id);
  const isSeed = (flags.seed ?? 'x').length <= SEED_CHARACTERS_MAX && flags.seed !== '';
  if (scenario === undefined || !isSeed || !['en', 'zh'].includes(flags.lang)) {
    io.err(renderFault('sim', unknownScenario()));
    return EXIT.usage;
  }
  let toldAt = 0;
  const tell = (done: number, of: number): void => {
    io.noteShare?.(of === 0 ? 0 : done / of);
    // A tenth at a time: a scenario of a minute tells nothing twice.
    if (io.noteShare !== undefined || of < TOLD_FROM || done < toldAt + of / 10) return;
    toldAt = done;
    io.err(`sim: ${id}: ${done} of ${of}`);
  };
  const played = await play(scenario, {
    onProgress: tell,
    seed: flags.seed,
    form: flags.long === true ? 'long' : 'short',
    scratch: io.scratch,
  });
  const { seed, passed, met, figures, told, digest } = played;
  if (flags.json === true) io.out(JSON.stringify({ scenario: id, seed, passed, digest, met, figures, told }));
  else for (const line of storyOf(played, flags.lang)) io.out(line);
  return passed ? EXIT.done : EXIT.fault;
}

/** Sizes below it are over before anybody asks. */
const TOLD_FROM = 10_000;

/** `tongguan sim scenarios [--json]` */
export function listScenarios(json: boolean, io: ScenarioIo): number {
  if (json) {
    io.out(
      JSON.stringify(
        SCENARIOS.map(({ id, title, about, seed, size, guards, expects }) => ({
          id,
          title,
          about,
          seed,
          size,
          guards,
          expects,
        })),
      ),
    );
    return EXIT.done;
  }
  const width = Math.max(...SCENARIOS.map(({ id }) => id.length));
  for (const { id, title } of SCENARIOS) io.out(`${id.padEnd(width)}  ${title.en} · ${title.zh}`);
  return EXIT.done;
}

function unknownScenario(): Fault<'SCENARIO_UNKNOWN'> {
  return {
    code: 'SCENARIO_UNKNOWN',
    problem: bilingual('there is no such scenario, seed or language', '没有该情景、种子或语言'),
    remedy: bilingual(
      `run \`tongguan sim scenarios\`; a seed has 1 to ${SEED_CHARACTERS_MAX} characters, a language is en or zh`,
      `请运行 \`tongguan sim scenarios\`；种子为 1 至 ${SEED_CHARACTERS_MAX} 个字符，语言为 en 或 zh`,
    ),
    retry: 'after-remedy',
  };
}
