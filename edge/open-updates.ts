import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { PIECE_BYTES } from '../proto/codec/update-codec.ts';
import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RawFrame } from '../proto/words/raw-frame.ts';
import { ecuProgram } from './adapters/ecu-program.ts';
import { imageFile } from './adapters/image-file.ts';
import type { AgentDatabase } from './adapters/sqlite-state.ts';
import { sqliteUpdates } from './adapters/sqlite-updates.ts';
import type { Agent } from './agent.ts';
import type { EdgeConfig } from './config.ts';
import type { Identity } from './identity.ts';
import type { Uplink } from './ports/uplink.ts';
import type { AgentSurroundings } from './run-agent.ts';
import { createUpdates, type Updates } from './updates/updates.ts';
import { learnState } from './updates/vehicle-state.ts';

/** Updates, and the eyes they have on what the vehicle does. */
export interface OpenUpdates extends Updates {
  readonly see: (frame: RawFrame) => void;
}

export interface OpenUpdatesParts {
  readonly agent: Agent;
  readonly database: AgentDatabase;
  readonly uplink: () => Uplink | undefined;
}

/** Undefined where the configuration has no ECUs. @throws the system's error when the key cannot be read */
export function openUpdates(
  { config, path }: LoadedConfig<EdgeConfig>,
  { device }: Identity,
  { clock, onFault }: AgentSurroundings,
  { agent, database, uplink }: OpenUpdatesParts,
): OpenUpdates | undefined {
  if (config.updates === undefined) return undefined;
  const { publicKeyFile, ecus, program } = config.updates;
  const vehicle = learnState(clock);
  const updates = createUpdates({
    ...{ device, vehicle, clock, onFault, report: agent.report },
    key: createPublicKey(readFileSync(path(publicKeyFile))),
    ecus: ecuProgram(program as [string, ...string[]], ecus),
    store: sqliteUpdates(database),
    image: imageFile(`${path(config.spool.file)}.image`, PIECE_BYTES),
    ask: (bytes) => uplink()?.ask?.(bytes),
  });
  return { ...updates, see: vehicle.take };
}
