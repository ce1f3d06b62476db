import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../../../bin/up/free-port.ts';
import { type Layout, layoutOf } from '../../../bin/up/layout.ts';
import { prepareFleet } from '../../../bin/up/prepare-fleet.ts';
import { askCloud } from '../../../bin/up/request.ts';
import { quietSurroundings } from '../quiet-surroundings.ts';
import { startTap, type Tap } from '../tap/tap.ts';
import { type RoleProcess, roleProcess } from './roles.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const main = join(root, 'dist/bin/main.js');

const EDGE_PROCESSES = 4;

/** A whole installation of real processes, with a recording tap in front of the cloud and in front of the recipient. */
export interface Installation {
  readonly layout: Layout;
  readonly vehicles: readonly string[];
  readonly cloud: RoleProcess;
  /** The fleet in several processes, so that one can be killed while the others go on. */
  readonly edges: readonly RoleProcess[];
  readonly exporter: RoleProcess;
  readonly receiver: RoleProcess;
  readonly sim: RoleProcess;
  readonly uplinkTap: Tap;
  readonly borderTap: Tap;
  readonly edgeKeys: () => string;
  readonly exporterKeys: () => string;
  /** Asks for a transfer; undefined when nobody answers, as while the cloud is down. */
  readonly request: (dataset: string) => Promise<Readonly<Record<string, unknown>> | undefined>;
  readonly stop: () => Promise<void>;
}

export interface InstallationOptions {
  readonly directory: string;
  readonly traces: readonly string[];
  readonly overSeconds: number;
}

export async function install({ directory, traces, overSeconds }: InstallationOptions): Promise<Installation> {
  if (!existsSync(main)) throw new Error('the program is not compiled: run `make build`');
  const layout = layoutOf(directory);
  const prepared = await prepareFleet(layout, { vehicles: undefined, seed: 'e2e', traces }, quietSurroundings());
  if (!prepared.ok) throw new Error(prepared.fault.problem.en);
  mkdirSync(layout.sockets, { recursive: true, mode: 0o700 });

  // The recipient is registered under the tap's port and listens on another.
  const recipientPort = await freePort();
  const receiverYaml = readFileSync(layout.config('receiver.yaml'), 'utf8');
  const registeredPort = Number(/port: (\d+)/.exec(receiverYaml)?.[1]);
  writeFileSync(layout.config('receiver.yaml'), receiverYaml.replace(/port: \d+/, `port: ${recipientPort}`));
  const borderTap = await startTap({ listenPort: registeredPort, targetPort: recipientPort });
  const cloudPort = await freePort();
  const uplinkTap = await startTap({ listenPort: 0, targetPort: cloudPort });

  const edgeKeyFile = join(directory, 'edge-keys.log');
  const exporterKeyFile = join(directory, 'exporter-keys.log');
  for (const file of [edgeKeyFile, exporterKeyFile]) writeFileSync(file, '');
  const names = prepared.value.names;
  const edgeConfigs = names.map((name) => layout.config(`edge/${name}.yaml`));
  const groups = Array.from({ length: EDGE_PROCESSES }, (_, group) =>
    edgeConfigs.filter((_config, index) => index % EDGE_PROCESSES === group),
  );
  const simArgs = ['--sockets', layout.sockets, '--seed', 'e2e', '--over', String(overSeconds), '--traces', ...traces];
  return {
    layout,
    vehicles: names,
    cloud: roleProcess('cloud', [main, 'cloud', '--config', layout.config('cloud.yaml')], {
      TONGGUAN_CLOUD__MQTT__PORT: String(cloudPort),
    }),
    edges: groups.map((configs) =>
      roleProcess('edge', [`--tls-keylog=${edgeKeyFile}`, main, 'edge', '--config', ...configs], {
        TONGGUAN_EDGE__UPLINK__URL: `mqtts://127.0.0.1:${uplinkTap.port}`,
      }),
    ),
    exporter: roleProcess('exporter', await exporterArgs(layout, exporterKeyFile)),
    receiver: roleProcess('receiver', [main, 'receiver', '--config', layout.config('receiver.yaml')]),
    sim: roleProcess('sim', [main, 'sim', ...simArgs]),
    uplinkTap,
    borderTap,
    edgeKeys: () => readFileSync(edgeKeyFile, 'utf8'),
    exporterKeys: () => readFileSync(exporterKeyFile, 'utf8'),
    request: (dataset) => ask(layout, dataset),
    stop: async () => {
      await uplinkTap.close();
      await borderTap.close();
    },
  };
}

/** The command line of the product itself, and the right to write the key log that only this test asks for. */
async function exporterArgs(layout: Layout, keyFile: string): Promise<readonly string[]> {
  const children = (await import(
    join(root, 'dist/bin/up/children.js')
  )) as typeof import('../../../bin/up/children.ts');
  const args = children.exporterArguments(layout.config('exporter.yaml'));
  return [`--tls-keylog=${keyFile}`, `--allow-fs-write=${keyFile}`, `--allow-fs-read=${keyFile}`, ...args];
}

async function ask(layout: Layout, dataset: string): Promise<Readonly<Record<string, unknown>> | undefined> {
  const body = { dataset, recipient: 'example-battery-lab', purpose: 'battery-warranty-analysis', requestedBy: 'e2e' };
  try {
    return (await askCloud(layout.apiSocket, 'POST', '/v1/transfers', body)).body;
  } catch {
    return undefined;
  }
}
