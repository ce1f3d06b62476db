import { readInvalid } from '../access/access-fault.ts';
import type { AccessGuard } from '../access/guard.ts';
import { parseWish } from '../access/reading-wish.ts';
import type { ApiRoute } from './local-api.ts';

/** `POST /v1/readings`: a command that is going to read files of the cloud asks, and is entered. */
export function readingRoutes(access: AccessGuard): readonly ApiRoute[] {
  return [
    {
      method: 'POST',
      url: '/v1/readings',
      answer: (body) => {
        const wish = parseWish(body);
        if (!wish.ok) return { status: 400, body: { fault: readInvalid(wish.fault) } };
        const entered = access.enter(wish.value);
        return entered.ok
          ? { status: 200, body: { account: entered.value.id } }
          : { status: 403, body: { fault: entered.fault } };
      },
    },
  ];
}
