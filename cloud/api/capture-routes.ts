import { z } from 'zod';
import { instantText } from '../../proto/config/instant-text.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { Result } from '../../proto/words/result.ts';
import { type Clock, type Instant, parseInstant } from '../../proto/words/time.ts';
import { type AddressRange, parseCidr } from '../capture/address.ts';
import type { ConnectionCapture } from '../capture/capture-record.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';
import { noQuestion } from './status-routes.ts';

/** Captured connections, without what was sent over them. */
export interface CaptureList {
  readonly find: (query: {
    readonly from: Instant;
    readonly to: Instant;
    readonly peers?: AddressRange;
    readonly transferId?: string;
  }) => Iterable<ConnectionCapture>;
}

export interface CaptureRoutesParts {
  /** Undefined where no captures are configured. */
  readonly open: (() => Result<CaptureList, Fault>) | undefined;
  readonly clock: Clock;
}

const LISTED_MAX = 1_000;

const Selection = z.strictObject({
  from: instantText.optional(),
  to: instantText.optional(),
  cidr: z
    .string()
    .max(64)
    .refine((text) => parseCidr(text).ok, 'expected an address or a range')
    .optional()
    .describe('of the other side: one address, or a range of IPv4 or IPv6'),
});
const OfTransfer = z.object({ id: z.string().max(64) });
const invalid = noQuestion;

/** `/captures` and `/transfers/ID/captures`: connections abroad that were captured. Their content takes a key that is elsewhere. */
export function captureRoutes({ open, clock }: CaptureRoutesParts): readonly ApiRoute[] {
  const list = (
    query: Omit<Parameters<CaptureList['find']>[0], 'from' | 'to'>,
    from?: string,
    to?: string,
  ): ApiAnswer => {
    if (open === undefined) return refused(409, capturesElsewhere());
    const opened = open();
    if (!opened.ok) return refused(409, opened.fault);
    const connections: object[] = [];
    const time = { from: instantOf(from, 0 as Instant), to: instantOf(to, clock.now()) };
    for (const { previous: _previous, ...capture } of opened.value.find({ ...time, ...query })) {
      if (connections.length === LISTED_MAX) return answered({ connections, isWhole: false });
      connections.push(capture);
    }
    return answered({ connections, isWhole: true });
  };
  return [
    apiRoute({
      ...{ method: 'GET', path: '/captures', summary: 'captured connections by time and address', invalid },
      query: Selection,
      answer: ({ query: { from, to, cidr } }) => {
        const peers = cidr === undefined ? undefined : parseCidr(cidr);
        return list(peers?.ok === true ? { peers: peers.value } : {}, from, to);
      },
    }),
    apiRoute({
      ...{ method: 'GET', path: '/transfers/:id/captures', summary: 'captured connections of a transfer', invalid },
      params: OfTransfer,
      answer: ({ params: { id } }) => list({ transferId: id }),
    }),
  ];
}

function instantOf(text: string | undefined, otherwise: Instant): Instant {
  const parsed = text === undefined ? undefined : parseInstant(text);
  return parsed?.ok === true ? parsed.value : otherwise;
}

export const capturesElsewhere = (): Fault<'CAPTURES_ELSEWHERE'> => ({
  code: 'CAPTURES_ELSEWHERE',
  problem: bilingual('the configuration does not say where captures lie', '配置未指明抓包所在位置'),
  remedy: bilingual(
    'name `console.captures`, or use `tongguan traffic list`',
    '请配置 `console.captures`，或使用 `tongguan traffic list`',
  ),
  retry: 'after-remedy',
});
