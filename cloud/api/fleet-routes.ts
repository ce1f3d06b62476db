import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import { shownSpool } from '../../proto/words/spool-standing.ts';
import { type Clock, type Instant, toIso } from '../../proto/words/time.ts';
import type { DeviceId } from '../../proto/words/topics.ts';
import { namesVin } from '../../proto/words/vin.ts';
import type { TrustState } from '../ports/device-register.ts';
import type { Ledger } from '../ports/ledger.ts';
import type { FallenEvidence } from '../ports/zone-store.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

/** A device as the register keeps it, without its vehicle. */
interface Standing {
  readonly number: number;
  readonly device: DeviceId;
  readonly trust: TrustState;
  readonly revoked: boolean;
}

interface PersonalAct {
  readonly device: DeviceId;
  readonly at: Instant;
  readonly person: string;
  readonly reason: string;
}

export interface FleetRoutesParts {
  readonly devices: {
    readonly page: (after: number, limit: number) => readonly Standing[];
    readonly numbersOf: (whose: { readonly device: string }) => readonly number[];
    readonly revoke: (act: PersonalAct) => boolean;
    readonly setTrust: (act: PersonalAct & { readonly to: TrustState }) => boolean;
  };
  readonly ledger: Pick<Ledger, 'latest' | 'removed' | 'spool'>;
  readonly quarantine: {
    readonly held: () => { readonly frames: number; readonly bytes: number };
    readonly count: () => number;
    readonly sealedCount: () => number;
    readonly fallen: () => readonly FallenEvidence[];
    readonly byReason: () => Readonly<Record<string, number>>;
  };
  readonly status: () => object;
  readonly clock: Clock;
}

const PAGE_MAX = 500;
const BATCHES_SHOWN = 20;

const Page = z.strictObject({
  after: z.coerce.number().int().min(0).default(0).describe('`next` of the page before'),
  limit: z.coerce.number().int().min(1).max(PAGE_MAX).default(100),
});
const OfDevice = z.object({ device: z.string().regex(/^[0-9a-f]{8,64}$/) });
const Reason = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => !namesVin(text), 'holds a VIN');
const Trust = z.strictObject({ to: z.enum(['trusted', 'watched', 'barred']), reason: Reason });
const Revocation = z.strictObject({ reason: Reason });
const by = { key: 'by', in: 'body', form: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/) } as const;
const invalid = noQuestion;

/** `/flow`, `/devices[/DEVICE[/trust|revocation]]`, `/quarantine`. No answer holds a VIN, and none content of a frame. */
export function fleetRoutes(parts: FleetRoutesParts): readonly ApiRoute[] {
  const { ledger, quarantine, status, clock } = parts;
  return [
    apiRoute({
      ...{ method: 'GET', path: '/flow', summary: 'counts from vehicles to recipients, with what was removed and why' },
      invalid,
      answer: () =>
        answered({ at: toIso(clock.now()), removed: ledger.removed(), refused: quarantine.byReason(), ...status() }),
    }),
    apiRoute({
      ...{ method: 'GET', path: '/quarantine', summary: 'what was refused, by reason; counts and no content', invalid },
      answer: () =>
        answered({
          ...{ held: quarantine.held(), everRefused: quarantine.count(), signed: quarantine.sealedCount() },
          ...{ reasons: quarantine.byReason(), fallen: quarantine.fallen() },
        }),
    }),
    ...deviceRoutes(parts),
  ];
}

function deviceRoutes({ devices, ledger, clock }: FleetRoutesParts): readonly ApiRoute[] {
  const seen = (number: number): string | null => {
    const [last] = ledger.latest(number, 1);
    return last === undefined ? null : toIso(last.receivedAt);
  };
  const shown = ({ number, device, trust, revoked }: Standing): object => {
    const [last] = ledger.latest(number, 1);
    const policy = last === undefined ? null : { id: last.policyId, version: last.policyVersion };
    return { device, trust, revoked, lastSeen: seen(number), policy, spool: shownSpool(ledger.spool(number)) };
  };
  const acted = (isDone: boolean, done: object): ApiAnswer => (isDone ? answered(done) : refused(404, unknown()));
  return [
    apiRoute({
      ...{ method: 'GET', path: '/devices', summary: 'devices: trust, when seen last, depth of the spool' },
      ...{ query: Page, invalid },
      answer: ({ query: { after, limit } }) => {
        const page = devices.page(after, limit);
        const next = page.length === limit ? page.at(-1)?.number : undefined;
        return answered({ devices: page.map(shown), ...(next !== undefined && { next }) });
      },
    }),
    apiRoute({
      ...{
        method: 'GET',
        path: '/devices/:device',
        summary: 'one device, and what its newest batches say of themselves',
      },
      ...{ params: OfDevice, invalid },
      answer: ({ params: { device } }) => {
        const [number] = devices.numbersOf({ device });
        const [standing] = number === undefined ? [] : devices.page(number - 1, 1);
        if (standing?.device !== device) return refused(404, unknown());
        const batches = ledger
          .latest(standing.number, BATCHES_SHOWN)
          .map(({ receivedAt, ...batch }) => ({ receivedAt: toIso(receivedAt), ...batch }));
        return answered({ ...shown(standing), batches });
      },
    }),
    apiRoute({
      ...{ method: 'POST', path: '/devices/:device/trust', summary: 'believe a device more or less', by, invalid },
      ...{ params: OfDevice, body: Trust },
      answer: ({ params, body: { to, reason }, by: person }) => {
        const device = params.device as DeviceId;
        return acted(devices.setTrust({ device, at: clock.now(), person, reason, to }), { device, to });
      },
    }),
    apiRoute({
      ...{ method: 'POST', path: '/devices/:device/revocation', summary: 'shut a device out for good', by, invalid },
      ...{ params: OfDevice, body: Revocation },
      answer: ({ params, body: { reason }, by: person }) => {
        const device = params.device as DeviceId;
        return acted(devices.revoke({ device, at: clock.now(), person, reason }), { device, revoked: true });
      },
    }),
  ];
}

const unknown = (): Fault<'DEVICE_UNKNOWN'> => ({
  code: 'DEVICE_UNKNOWN',
  problem: bilingual('there is no such device, or it was revoked already', '没有该设备，或其已被吊销'),
  remedy: bilingual('see the list of devices', '参见设备列表'),
  retry: 'after-remedy',
});
