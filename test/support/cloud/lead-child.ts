import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { compiledProgram } from '../compiled.ts';

/** A process of its own that asks for the lead. */
export interface LeadChild {
  readonly leads: Promise<void>;
  readonly standsBy: Promise<void>;
  /** Ends it as a power cut would; resolves once it is gone. */
  readonly kill: () => Promise<void>;
}

/** @param over - what it asks for the lead over: a lock file, or settings of PostgreSQL as JSON */
export function leadChild(over: string): LeadChild {
  const child = spawn(process.execPath, [compiledProgram('test/support/cloud/lead-process.ts'), over]);
  const gone = once(child, 'exit');
  let told = '';
  child.stdout.on('data', (chunk: Buffer) => {
    told += chunk.toString();
  });
  const says = (word: string): Promise<void> =>
    new Promise((resolve) => {
      child.stdout.on('data', () => told.includes(word) && resolve());
    });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await gone;
  };
  return { leads: says('has the lead\n'), standsBy: says('standing by'), kill };
}
