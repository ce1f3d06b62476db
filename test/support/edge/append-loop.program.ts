import { createHash } from 'node:crypto';
import { writeSync } from 'node:fs';
import { openAgentDatabase } from '../../../edge/adapters/sqlite-state.ts';
import { sqliteSpool } from './one-spool.ts';
import { seededChance } from './seeded.ts';

/**
 * Appends batches to a spool for ever and writes a line for each that has returned: `appended FIRST COUNT SHA-256`. Now and
 * then it acknowledges its oldest batch and writes `acknowledging FIRST` before. Whoever started it kills it.
 *
 * Arguments: the spool's file, and a seed.
 */
const [, , file = '', seed = '0'] = process.argv;
const chance = seededChance(Number(seed));
const spool = sqliteSpool(openAgentDatabase(file), { maxSize: 1_000_000_000, strategyOnFull: 'RejectNewData' });
// Written at once and by this thread: a line that is out is out, whatever happens to the process next.
const say = (line: string): void => void writeSync(1, `${line}\n`);

say(`opened ${spool.epoch}`);
for (;;) {
  const firstSequence = spool.nextSequence();
  const count = 1 + Math.floor(chance() * 8);
  const bytes = Uint8Array.from({ length: 100 + Math.floor(chance() * 6_000) }, () => Math.floor(chance() * 256));
  const stored = spool.append({ batch: { firstSequence, count, bytes }, released: [], told: [] });
  if (!stored.ok) {
    say(`refused ${stored.fault.code}`);
    break;
  }
  say(`appended ${firstSequence} ${count} ${createHash('sha256').update(bytes).digest('hex')}`);
  if (chance() < 0.25) {
    const [oldest] = spool.read(-1, 1);
    if (oldest === undefined) continue;
    say(`acknowledging ${oldest.firstSequence}`);
    spool.acknowledge(oldest.firstSequence, oldest.count);
  }
}
