import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { type Bilingual, bilingual, type Fault, renderFault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { titleIn } from '../../proto/words/title.ts';
import type { AskToRead } from '../ask-to-read.ts';
import { CloudConfig } from '../config/config.ts';
import { contentsOf, type DatasetContents, type Ground, type Requestable } from '../datasets/contents.ts';
import { DatasetDefinition } from '../datasets/definition.ts';
import { DISCLOSURE, figuresOf } from '../datasets/disclosure.table.ts';
import type { FileRecord } from '../ports/file-store.ts';
import type { Language } from '../transfer/explain.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface DatasetArgs {
  /** Path of `cloud.yaml`; not needed with `file`. */
  readonly config?: string | undefined;
  /** A definition in a file of its own. */
  readonly file?: string | undefined;
  readonly id?: string | undefined;
  readonly json: boolean;
  readonly language: Language;
}

export interface DatasetIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly access: AskToRead;
  /** Puts the operator's rows of the catalogue in force, before anybody asks for a row. */
  readonly openCatalogue: (loaded: LoadedConfig<CloudConfig>) => Result<void, readonly Fault[]>;
  /** Imports of the store directory of a configuration. */
  readonly imports: (storesDirectory: string) => readonly FileRecord[];
}

/**
 * `tongguan dataset list --config cloud.yaml`: each dataset with its kind and whether anything in it is barred.
 *
 * @returns 0, 2 for a configuration that is wrong, 3 where whoever runs it may not read here
 */
export async function datasetListCommand(args: DatasetArgs, io: DatasetIo): Promise<ExitStatus> {
  const datasets = await datasetsOf(args, io);
  if (typeof datasets === 'number') return datasets;
  const rows = datasets.map((dataset) => {
    const contents = contentsOf(dataset);
    return {
      id: dataset.id,
      kind: dataset.kind,
      title: dataset.title,
      classes: classesOf(contents),
      barred: contents.barred,
    };
  });
  if (args.json) io.out(JSON.stringify(rows));
  else {
    for (const { id, kind, title, classes, barred } of rows) {
      io.out(
        `${id.padEnd(ID_COLUMNS)} ${kind.padEnd(KIND_COLUMNS)} ${barred.length > 0 ? WORDS.barred[args.language] : classes.join(',')}  ${titleIn(title, args.language)}`,
      );
    }
  }
  return EXIT.done;
}

/**
 * `tongguan dataset check [--config cloud.yaml] [--dataset FILE | ID]`: whether each may be built at all, before anything is
 * read. `tongguan dataset explain` gives the reason of every part as well.
 *
 * @returns 0 when all may be built, 3 when something is barred or whoever runs it may not read here, 2 for a definition that is wrong
 */
export async function datasetCheckCommand(args: DatasetArgs, io: DatasetIo, isExplained: boolean): Promise<ExitStatus> {
  const datasets = await datasetsOf(args, io);
  if (typeof datasets === 'number') return datasets;
  const answers = datasets.map((dataset) => answerOf(dataset, contentsOf(dataset)));
  if (args.json) io.out(JSON.stringify(args.id !== undefined || args.file !== undefined ? answers[0] : answers));
  else for (const answer of answers) for (const line of linesOf(answer, args.language, isExplained)) io.out(line);
  return answers.every(({ mayBeBuilt }) => mayBeBuilt) ? EXIT.done : EXIT.withheld;
}

interface Answer {
  readonly id: string;
  readonly mayBeBuilt: boolean;
  readonly classes: readonly string[];
  readonly kinds: readonly string[];
  readonly items: readonly string[];
  readonly barred: readonly string[];
  readonly grounds: readonly Ground[];
  readonly figures?: object;
}

function answerOf(dataset: Requestable, contents: DatasetContents): Answer {
  const { kinds, items, barred, grounds } = contents;
  const figures = dataset.kind === 'aggregates' ? { figures: figuresOf(dataset) } : {};
  return {
    id: dataset.id,
    mayBeBuilt: barred.length === 0,
    classes: classesOf(contents),
    kinds,
    items,
    barred,
    grounds,
    ...figures,
  };
}

const classesOf = ({ classes, isUnsettled }: DatasetContents): readonly string[] =>
  isUnsettled ? ['unknown'] : [...classes].sort();

function linesOf(answer: Answer, language: Language, isExplained: boolean): readonly string[] {
  const { id, classes, grounds, barred } = answer;
  const head = `${id}: ${barred.length === 0 ? WORDS.contains[language] : WORDS.neverBuilt[language]} ${classes.join(', ')}`;
  const shown = isExplained ? grounds : grounds.filter(({ isBarred }) => isBarred);
  const lines = shown.map(({ subject, classes: own, items, isBarred, reason, cite }) => {
    const what = isBarred ? WORDS.barred[language] : own.join(', ');
    const tested = items.length === 0 ? '' : ` [${items.join(', ')}]`;
    return `  ${subject}: ${what}, ${WORDS.because[language]} ${reason[language]} (${cite})${tested}`;
  });
  const figures = 'figures' in answer ? DISCLOSURE : [];
  const set = (answer.figures ?? {}) as Readonly<Record<string, number>>;
  const limits = isExplained ? figures.map(({ figure, title }) => `  ${title[language]}: ${set[figure]}`) : [];
  return [head, ...lines, ...limits];
}

const WORDS: Readonly<Record<'contains' | 'neverBuilt' | 'barred' | 'because', Bilingual>> = {
  contains: bilingual('would contain', '将包含'),
  neverBuilt: bilingual('is never built; would contain', '永不构建；将包含'),
  barred: bilingual('barred', '禁止出境'),
  because: bilingual('because', '原因：'),
};

const ID_COLUMNS = 28;
const KIND_COLUMNS = 24;

/** An exit status after a fault was told. Imports lie among the stores: they are asked for, definitions are not. */
async function datasetsOf(args: DatasetArgs, io: DatasetIo): Promise<readonly Requestable[] | ExitStatus> {
  const tell = (fault: Fault, status: ExitStatus = EXIT.usage): ExitStatus => {
    io.err(renderFault('dataset', fault, args.language));
    return status;
  };
  const tellAll = (faults: readonly Fault[]): ExitStatus => {
    for (const fault of faults) tell(fault);
    return EXIT.usage;
  };
  const loaded = args.config === undefined ? undefined : readConfig(CloudConfig, args.config, 'cloud', io.environment);
  if (loaded !== undefined) {
    const rows = loaded.ok ? io.openCatalogue(loaded.value) : loaded;
    if (!rows.ok) return tellAll(rows.fault);
  }
  if (args.file !== undefined) {
    // A definition of its own takes nothing from the environment.
    const parsed = readConfig(DatasetDefinition, args.file, 'dataset', {});
    return parsed.ok ? [parsed.value.config] : tellAll(parsed.fault);
  }
  if (loaded?.ok !== true) {
    return tell(datasetInvalid(bilingual('name `--config` or `--dataset`', '请填写 `--config` 或 `--dataset`')));
  }
  const { config, path } = loaded.value;
  const granted = await io.access(loaded.value, { detail: { id: args.id ?? null } });
  if (!granted.ok) return tell(granted.fault, EXIT.withheld);
  const imported = io.imports(path(config.stores.directory)).map(importOf);
  const all: readonly Requestable[] = [...config.datasets, ...imported];
  const chosen = args.id === undefined ? all : all.filter(({ id }) => id === args.id);
  return chosen.length === 0 && args.id !== undefined
    ? tell(datasetInvalid(bilingual('there is no such dataset', '没有该数据集')))
    : chosen;
}

const importOf = ({ id, title, purposes, kind: fileKind, entry }: FileRecord): Requestable => ({
  kind: 'files',
  id,
  title,
  purposes,
  fileKind,
  entry: entry.id,
});

function datasetInvalid(problem: Bilingual): Fault<'DATASET_INVALID'> {
  return {
    code: 'DATASET_INVALID',
    problem,
    remedy: bilingual(
      'see `tongguan dataset list`; docs/datasets.md lists every key of a definition',
      '请运行 `tongguan dataset list`；定义的全部配置项见 docs/datasets.md',
    ),
    retry: 'after-remedy',
  };
}
