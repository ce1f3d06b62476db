import type { LoadedConfig } from '../proto/config/read-config.ts';
import type { RoleSurroundings } from '../proto/config/role.ts';
import { serveLocalApi } from './api/local-api.ts';
import { apartPrincipals } from './api/principal-routes.ts';
import type { ApiRoute } from './api/route.ts';
import type { CloudConfig } from './config.ts';
import { type ConsoleInputs, openConsole } from './open-console.ts';

export interface Doors {
  readonly close: () => Promise<void>;
}

/**
 * Opens the socket, and the listener for people where one is configured: both, or neither.
 *
 * @throws the system's error when one cannot be opened
 */
export async function openDoors(
  loaded: LoadedConfig<CloudConfig>,
  inputs: ConsoleInputs,
  routes: { readonly shared: readonly ApiRoute[]; readonly http: () => readonly ApiRoute[] },
  around: RoleSurroundings & { readonly draw: (bytes: number) => string },
): Promise<Doors> {
  const forPeople = openConsole(loaded, inputs, around);
  const all = [...routes.shared, ...(forPeople?.routes ?? [])];
  const socket = await serveLocalApi(loaded.path(loaded.config.api.socket), { access: inputs.access, routes: all });
  const listener = await forPeople?.listen([...apartPrincipals(all), ...routes.http()]).catch(async (cause: unknown) => {
    await socket.close();
    throw cause;
  });
  return {
    close: async () => {
      await listener?.close();
      await socket.close();
    },
  };
}
