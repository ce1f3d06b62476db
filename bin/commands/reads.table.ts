import type { Reading } from '../../cloud/registers/kinds/principals.ts';

/** What a command tells whoever runs it of what is kept in the country. */
export type CommandReads =
  /** It reads files of the cloud or of the border by itself, and asks first. */
  | { readonly reads: 'files'; readonly reading: Reading }
  /** It asks the running cloud, whose local API asks who reads. */
  | { readonly reads: 'cloud' }
  /** It tells nothing that is protected; why. */
  | { readonly reads: 'nothing'; readonly because: string };

const CLOUD = { reads: 'cloud' } as const;
const files = <R extends Reading>(reading: R) => ({ reads: 'files', reading }) as const;
const nothing = (because: string) => ({ reads: 'nothing', because }) as const;

const ROLE = nothing('it serves others, and prints counts');
const HANDED_IN = nothing('it reads what whoever runs it hands in');
const WRITES = nothing('it writes what whoever runs it hands in');
const LAW = nothing('law and catalogue, which ship with it');
const ITSELF = nothing('the commands there are');

/** Every command; `*` stands for the kind of a register. A house test holds the program to it. */
// biome-ignore format: one command a row
export const COMMAND_READS = {
  'up': ROLE,
  'edge': ROLE,
  'cloud': ROLE,
  'exporter': ROLE,
  'receiver': ROLE,
  'sim': ROLE,
  'sim fleet': nothing('a made-up fleet, and what a broker answers to it'),
  'sim run': nothing('a made-up fleet, in a directory that is gone afterwards'),
  'sim distributions': nothing('a made-up fleet, or traces that lie in files of whoever asks'),
  'sim scenarios': nothing('the names of scenarios'),
  'preview': nothing('raw frames of one vehicle, on that vehicle or on a desk'),
  'unseal': nothing('a parcel that left through the gate, with a key that no machine of the cloud has'),
  'decide': HANDED_IN,
  'classify': nothing('it reads what whoever runs it hands in, and says classes and no content'),
  'terminal decode': HANDED_IN,
  'terminal hash': HANDED_IN,
  'terminal encode': HANDED_IN,
  'config check': HANDED_IN,
  'doctor': nothing('the state of machine, files and certificates; no record is opened'),
  'completion': ITSELF,
  'man': ITSELF,
  'config schema': LAW,
  'rules list': LAW,
  'rules show': LAW,
  'rules check': LAW,
  'rules diff': LAW,
  'catalogue list': LAW,
  'catalogue explain': LAW,
  'catalogue check': LAW,
  'catalogue export': LAW,
  'transfer plan': CLOUD,
  'transfer request': CLOUD,
  'transfer show': CLOUD,
  'transfer counts': CLOUD,
  'transfer list': CLOUD,
  'transfer approve': CLOUD,
  'transfer reject': CLOUD,
  'register kinds': LAW,
  'register due': CLOUD,
  'register * schema': LAW,
  'register * add': CLOUD,
  'register * import': CLOUD,
  'register * list': CLOUD,
  'register * show': CLOUD,
  'register * export': CLOUD,
  'register * attach': CLOUD,
  'register * confirm': CLOUD,
  'register * withdraw': CLOUD,
  'register person import': CLOUD,
  'register terminal import': WRITES,
  'register device import': WRITES,
  'register device list': files('registers'),
  'register device revoke': WRITES,
  'register device trust': WRITES,
  'dataset list': files('datasets'),
  'dataset check': files('datasets'),
  'dataset explain': files('datasets'),
  'dataset import': files('datasets'),
  'delete request': CLOUD,
  'delete list': CLOUD,
  'delete run': CLOUD,
  'zone read': files('zones'),
  'zone rotate': nothing('keys change places; none is shown'),
  'account list': CLOUD,
  'account add': CLOUD,
  'account role': CLOUD,
  'account disable': CLOUD,
  'account enable': CLOUD,
  'account reset': CLOUD,
  'account vouch': CLOUD,
  'alert list': CLOUD,
  'alert show': CLOUD,
  'alert own': CLOUD,
  'alert acknowledge': CLOUD,
  'alert close': CLOUD,
  'audit list': CLOUD,
  'audit run': CLOUD,
  'audit sign': CLOUD,
  'migrate sqlite-to-postgres': nothing('names of stores, and how many rows they have'),
  'migrate files': nothing('how often somebody began to lead over files and database'),
  'backup create': files('backups'),
  'backup verify': nothing('hashes and counts of a backup'),
  'backup restore': files('backups'),
  'log begin': WRITES,
  'log verify': nothing('whether everything holds, with sizes and roots'),
  'log prove': files('logs'),
  'log bundle': files('logs'),
  'log witness': HANDED_IN,
  'policy sign': HANDED_IN,
  'policy fences sign': HANDED_IN,
  'policy fences check': HANDED_IN,
  'ota build': HANDED_IN,
  'ota campaign': HANDED_IN,
  'ota status': CLOUD,
  'ota stop': CLOUD,
  'ota start': CLOUD,
  'traffic list': files('traffic'),
  'traffic export': files('traffic'),
  'report': files('reports'),
  'emergency stop': CLOUD,
  'emergency status': nothing('since when exports are stopped, and why'),
  'emergency resume': CLOUD,
} as const satisfies Readonly<Record<string, CommandReads>>;

type Rows = typeof COMMAND_READS;

/** Commands that read files by themselves. */
export type FileCommand = { [C in keyof Rows]: Rows[C] extends { readonly reads: 'files' } ? C : never }[keyof Rows];
