import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { z } from 'zod';
import { askCloud } from '../../../../bin/up/request.ts';
import { type ApiRoute, answered, apiRoute } from '../../../../cloud/api/route.ts';
import { createActProof } from '../../../../cloud/approvals/prove-act.ts';
import { matrixKey } from '../../../../cloud/approvals/signed-act.ts';
import { signedAsk } from '../../../../cloud/cli/signed-ask.ts';
import type { AppendOnly } from '../../../../cloud/ports/append-only.ts';
import type { AuthorityRow } from '../../../../cloud/ports/transfer-register.ts';
import { bilingual } from '../../../../proto/words/fault.ts';
import { fail, ok } from '../../../../proto/words/result.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { onSocket } from '../../cloud/api/ask-route.ts';

export const scratchDirectory = (): string => {
  const directory = mkdtempSync(join(tmpdir(), 'act-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  return directory;
};

export const NOW = Date.parse('2026-11-25T02:00:00Z');
export const [alice, bob, mallory] = [1, 2, 3].map(() => generateKeyPairSync('ed25519').privateKey) as [K, K, K];
export type K = ReturnType<typeof generateKeyPairSync>['privateKey'];

export const row = (account: string, person: string, key?: K): AuthorityRow => ({
  ...{ account, person, may: ['request', 'approve'], since: '2026-01-01' as AuthorityRow['since'] },
  ...(key && { key: matrixKey(key) }),
});
const LOG_GONE = {
  ...{ code: 'LOG_UNAVAILABLE', retry: 'later' as const },
  ...{ problem: bilingual('gone', '不可用'), remedy: bilingual('-', '-') },
};
export const MATRIX = [row('alice', 'p-1', alice), row('bob', 'p-2', bob), row('keyless', 'p-3')];

/** Door whose one route says who was let in; `asked` are the bodies that reached it. */
export async function door(
  matrix: readonly AuthorityRow[],
  hasAccounts = false,
  more: readonly ApiRoute[] = [],
  over: { readonly startedAt?: number; readonly rememberedMax?: number; readonly isLogGone?: boolean } = {},
) {
  const [log, alerts, asked]: [{ kind: string; document: object }[], object[], object[]] = [[], [], []];
  const append = (entries: typeof log) => {
    if (over.isLogGone) return fail(LOG_GONE);
    log.push(...entries);
    return ok({ firstIndex: 0, leafHashes: [] });
  };
  const operations = { append };
  let asksOfClock = 0;
  // The first look is at the start.
  const clock = { now: () => (asksOfClock++ === 0 ? (over.startedAt ?? NOW - 3_600_000) : NOW) as Instant };
  const prove = createActProof({
    ...{ matrix: () => matrix, hasAccounts: () => hasAccounts, clock },
    ...{ operations: operations as unknown as AppendOnly, alert: (one) => alerts.push(one) },
    ...(over.rememberedMax !== undefined && { rememberedMax: over.rememberedMax }),
  });
  const invalid = () =>
    ({ code: 'X', problem: bilingual('x', 'x'), remedy: bilingual('x', 'x'), retry: 'now' }) as const;
  const route = apiRoute({
    ...{ method: 'POST', path: '/transfers/:id/approvals', summary: '', isSigned: true, invalid },
    ...{
      by: { key: 'by', in: 'body', form: z.string() } as const,
      body: z.strictObject({ reason: z.string().optional() }),
    },
    answer: ({ by, body, isProved }) => {
      asked.push({ by, ...body, isProved });
      return answered({ by });
    },
  });
  const requests = {
    path: '/transfers',
    by: { ...route.by, key: 'requestedBy' } as const,
    isSigned: 'with-keys' as const,
  };
  const socket = join(scratchDirectory(), 's');
  await onSocket(socket, [route, { ...route, ...requests } as ApiRoute, ...more], prove);
  const ask = async (by: string, key?: K, at = NOW, body: object = {}, path = '/v1/transfers/T-1/approvals') => {
    const asks = key === undefined ? askCloud : signedAsk(askCloud, key, { now: () => at as Instant });
    const who = path === '/v1/transfers' ? { requestedBy: by } : { by };
    const { status, body: told } = await asks(socket, 'POST', path, { ...who, ...body });
    return status === 200 ? 'let in' : (told['fault'] as { code: string }).code;
  };
  return { socket, log, alerts, asked, ask };
}
