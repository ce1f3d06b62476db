import { join } from 'node:path';
import { compiledProgram, compiledRoot, REPOSITORY } from '../../support/compiled.ts';

/** The exporter and the receiver as JavaScript. */
export interface Compiled {
  readonly exporter: string;
  readonly receiver: string;
  /** What the exporter must be able to read of the program itself. */
  readonly codePaths: readonly string[];
}

export const compiled = (): Compiled => ({
  exporter: compiledProgram('cloud/exporter/start.ts'),
  receiver: compiledProgram('cloud/exporter/receiver/start.ts'),
  codePaths: [compiledRoot(), join(REPOSITORY, 'node_modules'), join(REPOSITORY, 'package.json')],
});
