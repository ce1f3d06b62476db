import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { type Catalogue, installCatalogue, SHIPPED_CATALOGUE } from '../catalogue/catalogue.ts';
import { catalogueUnreadable } from '../catalogue/catalogue-unreadable.ts';
import { readOperatorRows } from '../catalogue/operator-rows.ts';
import type { CloudConfig } from '../config/config.ts';

/**
 * Puts the operator's rows of the catalogue in force, if the configuration names any. A file with a fault stops the start:
 * the shipped rows alone could be milder than what the operator wants.
 */
export function openCatalogue(loaded: LoadedConfig<CloudConfig>): Result<void, readonly Fault[]> {
  const read = readCatalogue(loaded);
  if (!read.ok) return read;
  if (read.value !== undefined) installCatalogue(read.value);
  return ok(undefined);
}

/** The catalogue with the operator's rows, and nothing put in force; undefined where the configuration names none. */
export function readCatalogue({
  config,
  path,
}: LoadedConfig<CloudConfig>): Result<Catalogue | undefined, readonly Fault[]> {
  if (config.catalogue === undefined) return ok(undefined);
  const text = readText(path(config.catalogue.operatorFile));
  if (!text.ok) return fail([text.fault]);
  const read = readOperatorRows(text.value, SHIPPED_CATALOGUE);
  return read.ok ? ok(read.value.catalogue) : read;
}

function readText(file: string): Result<string, Fault> {
  try {
    return ok(readFileSync(file, 'utf8'));
  } catch (cause) {
    return fail(catalogueUnreadable(cause));
  }
}
