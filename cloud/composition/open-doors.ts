import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { serveLocalApi, serveReadings } from '../api/local-api.ts';
import { apartPrincipals } from '../api/principal-routes.ts';
import { readingRoutes } from '../api/reading-routes.ts';
import type { ApiRoute } from '../api/route.ts';
import { createActProof, type ProveAct } from '../approvals/prove-act.ts';
import type { CloudConfig } from '../config/config.ts';
import { raiseAlert } from '../raise-alert.ts';
import { standingAuthorities } from '../registers/authority.ts';
import type { ConsoleInputs, OpenConsole } from './open-console.ts';

export interface Doors {
  readonly close: () => Promise<void>;
}

/**
 * Opens the socket, the one at which other accounts enter what they read, and the listener for people where one is configured: both, or neither.
 *
 * @throws the system's error when one cannot be opened
 */
export async function openDoors(
  loaded: LoadedConfig<CloudConfig>,
  inputs: ConsoleInputs,
  routes: { readonly shared: readonly ApiRoute[]; readonly http: () => readonly ApiRoute[] },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Doors> {
  const forPeople = await openForPeople(loaded, inputs, around);
  const all = [...routes.shared, ...(forPeople?.routes ?? [])];
  const listener = await forPeople?.create(apartPrincipals([...all, ...routes.http()]));
  const { access } = inputs;
  const { config, path } = loaded;
  const prove = actProof(inputs, around);
  const socket = await serveLocalApi(path(config.api.socket), {
    access,
    routes: [...all, ...readingRoutes(access)],
    prove,
  });
  const own = config.access?.socket;
  const readings = own === undefined ? undefined : await serveReadings(path(own), access);
  const close = async (): Promise<void> => {
    await listener?.close();
    await readings?.close();
    await socket.close();
  };
  if (forPeople === undefined || listener === undefined) return { close };
  try {
    await forPeople.listen(listener);
  } catch (cause) {
    await close();
    throw cause;
  }
  const link = forPeople.firstLink();
  if (link !== undefined) around.err(`cloud: console: make the first account at ${link} (good once, for an hour)`);
  return { close };
}

/** Where nobody is to log in, what logging in takes is not loaded: it is large, and in part native. */
async function openForPeople(
  loaded: LoadedConfig<CloudConfig>,
  inputs: ConsoleInputs,
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<OpenConsole | undefined> {
  if (loaded.config.console === undefined) return undefined;
  const { openConsole } = await import('./open-console.ts');
  return openConsole(loaded, inputs, around);
}

function actProof({ stores, logs, books }: ConsoleInputs, around: RoleSurroundings): ProveAct {
  return createActProof({
    matrix: () => standingAuthorities(books.store.list('processor')),
    hasAccounts: () => stores.accounts.count() > 0,
    clock: around.clock,
    operations: logs.operations,
    alert: (document) => raiseAlert(logs, around, document),
  });
}
