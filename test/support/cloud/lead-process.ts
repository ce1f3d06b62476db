import { sqliteLeadership } from '../../../cloud/adapters/sqlite-leadership.ts';
import { asLeader } from '../../../cloud/lead.ts';
import { ok } from '../../../proto/words/result.ts';

// A process that stands by and says when it leads: `node lead-process.js FILE`. It leads until it is killed.
const [file = ''] = process.argv.slice(2);
const never = new Promise<never>(() => undefined);
const around = {
  err: (line: string) => process.stdout.write(`${line}\n`),
  report: () => undefined,
  stopRequested: never,
};
await asLeader(sqliteLeadership(file), { role: 'all', standsBy: true }, around, async (lost) => {
  process.stdout.write('has the lead\n');
  await lost;
  process.stdout.write('lost\n');
  return ok(undefined);
});
