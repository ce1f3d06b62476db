import { createPublicKey } from 'node:crypto';
import { createAuthority } from '../../../bin/up/authority.ts';
import { deviceIdOf } from '../../../proto/codec/device-id.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import { testVin } from '../../support/cloud/vins.ts';
import { quickAuthority } from './forge-certificates.ts';

/** A TCU of the load: everything a process needs to be it, as text that can be sent to a child. */
export interface BenchDevice {
  readonly vin: string;
  readonly device: DeviceId;
  readonly certificate: string;
  readonly key: string;
  readonly publicKey: string;
}

/** One installation's certificates: devices, the cloud's server, and who signed them. */
export interface BenchFleet {
  readonly devices: readonly BenchDevice[];
  readonly deviceAuthority: string;
  readonly serviceAuthority: string;
  readonly serverCertificate: string;
  readonly serverKey: string;
}

/** Certificates as `tongguan up` makes them (P-256), for so many vehicles. @param msMax - fewer, where they are not made by then */
export async function makeFleet(vehicles: number, now: number, msMax = Number.POSITIVE_INFINITY): Promise<BenchFleet> {
  const deviceAuthority = quickAuthority('bench device authority', now);
  const serviceAuthority = await createAuthority('bench service authority', now);
  const server = await serviceAuthority.issue({ commonName: 'bench-cloud', isServer: true });
  const devices: BenchDevice[] = [];
  for (const until = performance.now() + msMax; devices.length < vehicles && performance.now() < until; ) {
    const number = devices.length;
    const issued = deviceAuthority.issue(`tcu-${number}`);
    devices.push({ vin: testVin(number), device: deviceIdOf(createPublicKey(issued.publicKey)), ...issued });
  }
  return {
    devices,
    deviceAuthority: deviceAuthority.certificatePem,
    serviceAuthority: serviceAuthority.certificatePem,
    serverCertificate: server.certificatePem,
    serverKey: server.keyPem,
  };
}
