import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { causeText } from '../../proto/words/fault.ts';
import { addressList } from '../access/cidr.ts';
import { createStandbyApi } from '../api/standby-api.ts';
import type { CloudConfig } from '../config/config.ts';

/**
 * Answers probes where people would log in, for as long as another process leads. Where that one listens at the same address, it has the port and
 * answers for itself.
 *
 * @returns what closes the port again
 */
export async function openStandbyDoor(
  { config, path }: LoadedConfig<CloudConfig>,
  around: Pick<RoleSurroundings, 'err'>,
): Promise<() => Promise<void>> {
  const { console } = config;
  if (console === undefined) return async () => undefined;
  try {
    const { tls } = console;
    const server = createStandbyApi({
      from: addressList(console.probes),
      trustedProxies: console.trustedProxies,
      tls: tls && { cert: readFileSync(path(tls.certificateFile)), key: readFileSync(path(tls.keyFile)) },
    });
    await server.listen({ host: console.address, port: console.port });
    return () => server.close();
  } catch (cause) {
    around.err(`cloud: standing by: nobody answers probes of this process: ${causeText(cause)}`);
    return async () => undefined;
  }
}
