import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { Fault } from '../../proto/words/fault.ts';
import type { CloudConfig } from '../config/config.ts';
import { readCatalogue } from './open-catalogue.ts';
import { lawFaults } from './open-law.ts';

/**
 * Every mistake in the operator's own rows, of catalogue and law, that the configuration names: what a start would refuse. Puts
 * nothing in force, and keeps nothing.
 */
export function checkOperatorFiles(loaded: LoadedConfig<CloudConfig>): readonly Fault[] {
  const catalogue = readCatalogue(loaded);
  return [...(catalogue.ok ? [] : catalogue.fault), ...lawFaults(loaded)];
}
