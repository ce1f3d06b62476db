import { type LoadedConfig, readConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { type Fault, renderFault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { CloudConfig } from '../config/config.ts';
import type { Adoption } from '../database/adopt-files.ts';
import type { StoreToMove } from '../database/check-move.ts';
import type { MoveReport } from '../database/move-stores.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';

export interface MigrateArgs {
  readonly config: string;
  /** Looks at both sides, and writes nothing. */
  readonly check: boolean;
  readonly json: boolean;
}

export interface MigrateIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly move: (loaded: LoadedConfig<CloudConfig>) => Promise<Result<MoveReport, Fault>>;
  readonly look: (loaded: LoadedConfig<CloudConfig>) => Result<readonly StoreToMove[], Fault>;
}

/**
 * `tongguan migrate sqlite-to-postgres --config cloud.yaml [--check] [--json]`: stores that lie in files go into the database that
 * the configuration names. No cloud runs meanwhile; what is cut short is run again.
 *
 * @returns 0 moved, or nothing to move; 1 a fault; 2 configuration
 */
export async function migrateCommand({ config, check, json }: MigrateArgs, io: MigrateIo): Promise<ExitStatus> {
  const loaded = readConfig(CloudConfig, config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('migrate', fault));
    return EXIT.usage;
  }
  const outcome = check ? looked(io.look(loaded.value)) : await io.move(loaded.value);
  if (!outcome.ok) {
    io.err(renderFault('migrate', outcome.fault));
    return EXIT.fault;
  }
  const { state, stores } = outcome.value;
  if (json) io.out(JSON.stringify({ state, stores }));
  else if (stores.length === 0) io.out('no store lies in a file that could be moved');
  else for (const { store, rows } of stores) io.out(`${store}: ${rows} row(s) ${WORDS[state]}`);
  return EXIT.done;
}

interface Outcome {
  readonly state: keyof typeof WORDS;
  readonly stores: readonly StoreToMove[];
}

const WORDS = { moved: 'moved', 'to-move': 'to move', 'nothing-to-move': '' } as const;

function looked(found: Result<readonly StoreToMove[], Fault>): Result<Outcome, Fault> {
  if (!found.ok) return found;
  return { ok: true, value: { state: found.value.length === 0 ? 'nothing-to-move' : 'to-move', stores: found.value } };
}

export interface AdoptIo extends Pick<RoleSurroundings, 'environment' | 'out' | 'err'> {
  readonly adopt: (loaded: LoadedConfig<CloudConfig>) => Promise<Result<Adoption, Fault>>;
}

/**
 * `tongguan migrate files --config cloud.yaml [--json]`: the database goes on with the files that are here, for who has lost those it went with.
 *
 * @returns 0 done, or nothing to do; 1 a fault; 2 configuration
 */
export async function adoptCommand({ config, json }: Omit<MigrateArgs, 'check'>, io: AdoptIo): Promise<ExitStatus> {
  const loaded = readConfig(CloudConfig, config, 'cloud', io.environment);
  if (!loaded.ok) {
    for (const fault of loaded.fault) io.err(renderFault('migrate', fault));
    return EXIT.usage;
  }
  const outcome = await io.adopt(loaded.value);
  if (!outcome.ok) {
    io.err(renderFault('migrate', outcome.fault));
    return EXIT.fault;
  }
  const { state, files, database } = outcome.value;
  if (json) io.out(JSON.stringify(outcome.value));
  else if (state === 'current') io.out('the files are those that the database goes with');
  else
    io.out(
      `the database of term ${database} goes on with these files, ${files === undefined ? 'which went with none' : `of term ${files}`}`,
    );
  return EXIT.done;
}
