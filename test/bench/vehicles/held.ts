import { makeFleet } from '../ingest/fleet.ts';
import { measureElsewhere } from './elsewhere.ts';
import { connectTo, type EachConnection, openInSteps, ordered, settled, usageOf } from './opening.ts';

/** Vehicles connected over mTLS that say nothing, and what half of them coming back at once costs. */
export interface HeldFigures {
  readonly cloud: EachConnection;
  /** The same connections to Node's TLS alone: handshakes with client certificates, and nothing else. */
  readonly tls: EachConnection;
  /** Held by mosquitto; each has said one frame to the cloud behind it. Absent where there is no mosquitto. */
  readonly elsewhere: EachConnection | undefined;
  readonly storm: number;
  readonly stormBack: number;
  readonly stormSeconds: number;
  readonly stormFailed: number;
  readonly stormCpuSeconds: number;
  readonly residentAfterMb: number;
}

export interface HeldOrder {
  readonly vehicles: number;
  /** Of them for TLS alone. */
  readonly vehiclesOfTls: number;
  readonly storm: number;
  /** For making certificates, opening the connections of each of the three, and the storm; where it is over, there are fewer of them. */
  readonly fleetMsMax: number;
  readonly openMsMax: number;
  readonly stormMsMax: number;
}

export async function measureHeld(directory: string, order: HeldOrder): Promise<HeldFigures> {
  const fleet = await makeFleet(order.vehicles, Date.now(), order.fleetMsMax);
  const vehicles = fleet.devices.length;
  const bare = await connectTo({ does: 'tls', directory, fleet }, 'nothing');
  const tls = await openInSteps(bare, Math.min(vehicles, order.vehiclesOfTls), order.openMsMax);
  await bare.end();
  const served = await connectTo({ does: 'ingest', directory, fleet }, 'mqtt');
  const cloud = await openInSteps(served, vehicles, order.openMsMax);
  const held = await usageOf(served.broker);
  const storm = Math.min(order.storm, Math.floor(cloud.held / 2));
  const stormed = await ordered(served.holder, { order: 'storm', vehicles: storm, msMax: order.stormMsMax });
  await settled();
  const after = await usageOf(served.broker);
  await served.end();
  const elsewhere = await measureElsewhere(directory, fleet, order.openMsMax);
  return {
    ...{ cloud, tls, elsewhere, storm },
    stormBack: stormed.back,
    stormSeconds: stormed.seconds,
    stormFailed: stormed.failed,
    stormCpuSeconds: (after.cpuMs - held.cpuMs) / 1e3,
    residentAfterMb: after.residentBytes / 1e6,
  };
}
