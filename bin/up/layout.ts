import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where everything of one `tongguan up` lies, below its data directory. docs/up.md shows the tree. */
export interface Layout {
  readonly root: string;
  readonly config: (name: string) => string;
  readonly pki: (name: string) => string;
  readonly vehicle: (name: string, file?: string) => string;
  readonly cloud: (name: string) => string;
  readonly border: (name: string) => string;
  readonly exporter: (name: string) => string;
  readonly recipient: (name: string) => string;
  /** Keys by which the authority matrix of the tour knows its persons. */
  readonly person: (name: string) => string;
  /** Unix sockets; apart from the rest when the data directory's path is too long for one. */
  readonly sockets: string;
  readonly apiSocket: string;
  readonly state: string;
}

/** Longest path of a Unix socket on Linux, with room for `/v0001.sock`. */
const SOCKET_DIRECTORY_CHARACTERS_MAX = 80;

export function layoutOf(directory: string): Layout {
  const root = resolve(directory);
  const below = (folder: string) => (name: string) => join(root, folder, name);
  const own = join(root, 'run');
  const name = createHash('sha256').update(root).digest('hex').slice(0, 16);
  const sockets = own.length <= SOCKET_DIRECTORY_CHARACTERS_MAX ? own : join(tmpdir(), `tongguan-${name}`);
  return {
    root,
    config: below('config'),
    pki: below('pki'),
    vehicle: (vehicle, file = '') => join(root, 'vehicles', vehicle, file),
    cloud: below('cloud'),
    border: below('border'),
    exporter: below('exporter'),
    recipient: below('recipient'),
    person: below('persons'),
    sockets,
    apiSocket: join(sockets, 'api.sock'),
    state: join(root, 'up.json'),
  };
}
