import { postgresLeadership } from '../../../cloud/adapters/postgres-leadership.ts';
import { sqliteLeadership } from '../../../cloud/adapters/sqlite-leadership.ts';
import { asLeader } from '../../../cloud/lead.ts';
import { ok } from '../../../proto/words/result.ts';

// A process that stands by and says when it leads: `node lead-process.js FILE`, or with settings of a database as JSON. It leads until it is killed.
const [lock = ''] = process.argv.slice(2);
const never = new Promise<never>(() => undefined);
const say = (line: string) => process.stdout.write(`${line}\n`);
const around = {
  err: say,
  fault: ({ code }: { code: string }) => say(code),
  report: () => undefined,
  stopRequested: never,
};
const leadership = lock.startsWith('{') ? postgresLeadership(JSON.parse(lock)) : sqliteLeadership(lock);
await asLeader(leadership, { role: 'all', standsBy: true }, around, async ({ lost }) => {
  say('has the lead');
  await lost;
  say('lost');
  return ok(undefined);
});
