import { createGateway, type Gateway, type GatewayParts } from '../../../cloud/gateway.ts';
import type { Stores } from '../../../cloud/ingest/group-commit.ts';
import type { RejectionCode } from '../../../cloud/ingest/rejections.ts';
import type { GroupAcknowledgement } from '../../../cloud/ingest/sort-out.ts';
import type { Fault } from '../../../proto/words/fault.ts';
import type { Instant } from '../../../proto/words/time.ts';
import type { DeviceId } from '../../../proto/words/topics.ts';
import { NOW } from './batches.ts';
import type { TestDevice } from './devices.ts';

/** What a gateway told the outside, in order. */
export interface Told {
  readonly acknowledgements: GroupAcknowledgement[];
  readonly alerts: { readonly device: DeviceId; readonly code: RejectionCode }[];
  readonly faults: Fault[];
}

export interface GatewayRun {
  readonly gateway: Gateway;
  readonly told: Told;
  /** Hands payloads over in one turn, so that they make one group, and commits it. Gives what `done` said of each. */
  readonly send: (...payloads: readonly (readonly [TestDevice, Uint8Array])[]) => readonly (Fault | 'done')[];
  readonly setClock: (instant: number) => void;
}

export function runGateway(stores: Stores, more: Partial<GatewayParts> = {}): GatewayRun {
  let now: Instant = NOW;
  const told: Told = { acknowledgements: [], alerts: [], faults: [] };
  const gateway = createGateway({
    stores,
    clock: { now: () => now },
    onDurable: (acknowledgement) => told.acknowledgements.push(acknowledgement),
    onAlert: (device, code) => told.alerts.push({ device, code }),
    onFault: (fault) => told.faults.push(fault),
    ...more,
  });
  return {
    gateway,
    told,
    setClock: (instant) => {
      now = instant as Instant;
    },
    send: (...payloads) => {
      const answers: (Fault | 'done')[] = [];
      for (const [at, [device, payload]] of payloads.entries()) {
        gateway.receive(device.registered, payload, (fault) => {
          if (answers[at] !== undefined) throw new Error('answered twice');
          answers[at] = fault ?? 'done';
        });
      }
      gateway.flush();
      return answers;
    },
  };
}
