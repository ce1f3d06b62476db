import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { type Authority, createAuthority } from '../../../bin/up/authority.ts';
import { VIN_A } from './made-vin.ts';
import { POLICY_KEY, signedBundle } from './policies.ts';

export type Sections = Readonly<Record<string, unknown>>;

const SECTIONS: Sections = {
  vehicle: { vinFile: 'vin.txt', secretFile: 'secret.bin' },
  source: { kind: 'unix-socket', path: 'frames.sock' },
  vehicleTime: 'source',
  policy: { bundleFile: 'policy.bin', publicKeyFile: 'policy.pub' },
  spool: { file: 'agent.db' },
  uplink: {
    url: 'mqtts://127.0.0.1:9',
    certificateFile: 'device.crt',
    keyFile: 'device.key',
    authorityFile: 'authority.crt',
  },
};

/** Writes `edge.yaml` into a directory, with some of its sections replaced; gives its path. */
export function writeConfig(directory: string, changed: Sections = {}): string {
  const file = join(directory, 'edge.yaml');
  writeFileSync(file, stringify({ ...SECTIONS, ...changed }));
  return file;
}

let authority: Promise<Authority> | undefined;

/** Everything one agent is configured with, as an installer would lay it out; certificates are good for 366 days. */
export async function writeVehicleFiles(directory: string): Promise<string> {
  authority ??= createAuthority('test authority', Date.now());
  const { certificatePem, issue } = await authority;
  const device = await issue({ commonName: 'tcu', isServer: false });
  const files: Readonly<Record<string, string | Uint8Array>> = {
    'vin.txt': `${VIN_A}\n`,
    'secret.bin': randomBytes(32),
    'device.crt': device.certificatePem,
    'device.key': device.keyPem,
    'authority.crt': certificatePem,
    'policy.pub': POLICY_KEY.export({ type: 'spki', format: 'pem' }) as string,
    'policy.bin': signedBundle(),
  };
  mkdirSync(directory, { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(directory, name), content);
  return writeConfig(directory);
}

/** PEM of a key of another type than the one that belongs there. */
export function otherKey(type: 'rsa' | 'p384' | 'x25519', half: 'private' | 'public'): string {
  const pair =
    type === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : type === 'p384'
        ? generateKeyPairSync('ec', { namedCurve: 'P-384' })
        : generateKeyPairSync('x25519');
  return half === 'private'
    ? (pair.privateKey.export({ type: 'pkcs8', format: 'pem' }) as string)
    : (pair.publicKey.export({ type: 'spki', format: 'pem' }) as string);
}
