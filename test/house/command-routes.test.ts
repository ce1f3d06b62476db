import { expect, test } from 'vitest';
import type { COMMAND_READS } from '../../bin/commands/reads.table.ts';
import { ACCESS } from '../../cloud/api/access.table.ts';

/** The route by which a person does over HTTP what a command does, or why there is none. */
type ByHttp = { readonly route: string } | { readonly none: string };

const at = (route: string): ByHttp => ({ route });
const none = (because: string): ByHttp => ({ none: because });

const ROLE = none('it is a process, started where it runs');
const FILES = none('it works on files of whoever runs it; nothing of a running cloud is asked');
const PRIVATE_KEY = none('it takes a private key that no machine of the cloud has');
const MACHINE = none('it stands or falls with the machine it runs on');
const ON_DISK = none('it changes stores beside a running cloud, by the account of the operating system');

/** Every command; one that is new does not compile without a row. */
// biome-ignore format: one command a row
const BY_HTTP = {
  'up': ROLE, 'edge': ROLE, 'cloud': ROLE, 'exporter': ROLE, 'receiver': ROLE, 'sim': ROLE, 'sim run': ROLE, 'sim fleet': ROLE, 'sim scenarios': ROLE, 'sim distributions': FILES, 'log witness': ROLE,
  'preview': FILES, 'decide': FILES, 'terminal decode': FILES, 'terminal encode': FILES, 'terminal hash': FILES, 'rules check': FILES, 'rules diff': FILES,
  'catalogue check': FILES, 'catalogue export': FILES, 'config check': FILES, 'config schema': FILES, 'policy fences check': FILES,
  'ota build': PRIVATE_KEY, 'ota campaign': PRIVATE_KEY, 'ota status': at('GET /updates'), 'ota stop': at('POST /updates/:id/stop'), 'ota start': at('POST /updates/:id/start'),
  'policy sign': PRIVATE_KEY, 'policy fences sign': PRIVATE_KEY, 'unseal': PRIVATE_KEY, 'traffic export': at('POST /capture-bundles'), 'log begin': PRIVATE_KEY,
  'doctor': MACHINE, 'completion': MACHINE, 'man': MACHINE,
  'backup restore': MACHINE, 'backup verify': MACHINE, 'backup create': MACHINE, 'log verify': MACHINE,
  'migrate sqlite-to-postgres': ON_DISK, 'migrate files': ON_DISK, 'zone rotate': ON_DISK, 'zone read': ON_DISK, 'register terminal import': ON_DISK, 'register device import': ON_DISK,
  'rules list': at('GET /rules'),
  'rules show': at('GET /rules/:id'),
  'catalogue list': at('GET /catalogue'),
  'catalogue explain': at('GET /catalogue/:name'),
  'classify': at('POST /classifications'),
  'transfer plan': at('GET /plans'),
  'transfer request': at('POST /transfers'),
  'transfer show': at('GET /transfers/:id'),
  'transfer list': at('GET /transfers'),
  'transfer counts': at('GET /counts'),
  'transfer approve': at('POST /transfers/:id/approvals'),
  'transfer reject': at('POST /transfers/:id/rejections'),
  'register kinds': at('GET /registers'),
  'register due': at('GET /agenda'),
  'register * schema': at('GET /register-forms/:kind'),
  'register * add': at('POST /registers/:kind'),
  'register * import': at('POST /registers/:kind/import'),
  'register * list': at('GET /registers/:kind'),
  'register * export': at('GET /registers/:kind'),
  'register * show': at('GET /registers/:kind/:id'),
  'register * attach': at('POST /registers/:kind/:id/documents'),
  'register * confirm': at('POST /registers/:kind/:id/confirmation'),
  'register * withdraw': at('DELETE /registers/:kind/:id'),
  'register person import': at('POST /persons'),
  'register device list': at('GET /devices'),
  'register device revoke': at('POST /devices/:device/revocation'),
  'register device trust': at('POST /devices/:device/trust'),
  'dataset list': at('GET /datasets'),
  'dataset check': at('POST /transfers/verdict'),
  'dataset explain': at('POST /transfers/verdict'),
  'dataset import': at('POST /datasets/import'),
  'delete request': at('POST /deletions'),
  'delete list': at('GET /deletions'),
  'delete run': at('POST /deletions/run'),
  'account list': at('GET /accounts'),
  'account add': at('POST /accounts'),
  'account role': at('PUT /accounts/:name/roles'),
  'account disable': at('PUT /accounts/:name/standing'),
  'account enable': at('PUT /accounts/:name/standing'),
  'account reset': at('POST /accounts/:name/reset'),
  'account vouch': at('POST /accounts/:name/voucher'),
  'alert list': at('GET /alerts'),
  'alert show': at('GET /alerts'),
  'alert own': at('POST /alerts/acts'),
  'alert acknowledge': at('POST /alerts/acts'),
  'alert close': at('POST /alerts/acts'),
  'audit list': at('GET /audits'),
  'audit run': at('POST /audits/run'),
  'audit sign': at('POST /audits/sign'),
  'log prove': at('GET /logs/:log/entries/:index/proof'),
  'log bundle': at('POST /log-bundles'),
  'traffic list': at('GET /captures'),
  'report': at('POST /reports'),
  'emergency stop': at('POST /emergency/stop'),
  'emergency status': at('GET /emergency'),
  'emergency resume': at('POST /emergency/resume'),
} as const satisfies Readonly<Record<keyof typeof COMMAND_READS, ByHttp>>;

const rows = Object.entries<ByHttp>(BY_HTTP);

test('every command that asks a running cloud has a route that is one', () => {
  const named = rows.flatMap(([command, by]) => ('route' in by && !(by.route in ACCESS) ? [command] : []));
  expect(named).toEqual([]);
});
