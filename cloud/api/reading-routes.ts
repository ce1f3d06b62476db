import { z } from 'zod';
import { readInvalid } from '../access/access-fault.ts';
import type { AccessGuard } from '../access/guard.ts';
import { parseWish } from '../access/reading-wish.ts';
import { type ApiRoute, answered, apiRoute, refused } from './route.ts';

/** `POST /readings`: a command that is going to read files of the cloud asks, and is entered. Only a socket knows its asker. */
export function readingRoutes(access: AccessGuard): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'POST',
      path: '/readings',
      summary: 'enter what a command is going to read',
      body: z.unknown(),
      invalid: readInvalid,
      answer: ({ body }) => {
        const wish = parseWish(body);
        if (!wish.ok) return refused(400, readInvalid(wish.fault));
        const entered = access.enter(wish.value);
        return entered.ok ? answered({ account: entered.value.id }) : refused(403, entered.fault);
      },
    }),
  ];
}
