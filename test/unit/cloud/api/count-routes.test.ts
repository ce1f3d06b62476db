import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { cloudYaml } from '../../../../bin/up/configs.ts';
import { layoutOf } from '../../../../bin/up/layout.ts';
import { countRoutes } from '../../../../cloud/api/count-routes.ts';
import { transferCountsCommand } from '../../../../cloud/cli/transfer-counts.command.ts';
import type { GroupCounts } from '../../../../cloud/counting/with-group.ts';
import { NOW, scratchGate } from '../../../support/cloud/gate.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const persons = (many: number) => Array.from({ length: many }, (_, at) => new Uint8Array(16).fill(at + 1));

/** Five persons counted in 2025 under a contract, two of them and one more in 2026 under exemption (2). */
function counting(groupCounts: (year: number) => GroupCounts | 'unknown') {
  const { parts, transfers } = scratchGate();
  const of = (transferId: string, year: number, route: string, many: number) => {
    transfers.add({
      ...{ transferId, requestedAt: parts.clock.now(), datasetId: 'one', recipientId: 'lab', purpose: 'warranty' },
      ...{ state: 'requested', persons: many },
    });
    const reserved = { year, route, isExempt: route.startsWith('exemption'), persons: { plain: persons(many) } };
    expect(transfers.permit(transferId, reserved, transfers.counted())).toBe(true);
  };
  of('a', 2025, 'standard-contract', 5);
  of('b', 2026, 'standard-contract', 2);
  of('c', 2026, 'exemption-2', 3);
  const [route] = countRoutes({ ...parts, groupCounts, scope: () => 'all' });
  return (query: object) => route?.respond({ params: {}, query, body: undefined, by: '' });
}

test('persons of this year and of another, alone and with the group', async () => {
  const ask = counting((year) => (year === 2026 ? { persons: 1_200, sensitivePersons: 7 } : 'unknown'));
  expect((await ask({}))?.body).toMatchObject({
    ...{ year: 2026, counts: 'all', group: { persons: 1_203, sensitivePersons: 7 } },
    persons: { all: 3, outsideExemptions: 2 },
  });
  expect((await ask({ year: '2025' }))?.body).toMatchObject({
    ...{ year: 2025, group: 'unknown', paces: null, thresholds: [] },
    persons: { all: 5, outsideExemptions: 5 },
  });
  for (const year of ['', 'soon', '1999', '20260', '2026.5'])
    expect((await ask({ year }))?.body).toMatchObject({ fault: { code: 'REQUEST_INVALID' } });
});

test('the command says what is held against thresholds, and that a member has told nothing', async () => {
  const ask = counting(() => 'unknown');
  const out: string[] = [];
  const io = {
    ...{ environment: {}, out: (line: string) => out.push(line), err: () => undefined },
    ask: async (_socket: string, _method: string, path: string) => {
      const answer = await ask(Object.fromEntries(new URL(path, 'http://here').searchParams));
      return { status: answer?.status ?? 0, body: (answer?.body ?? {}) as Record<string, unknown> };
    },
  };
  const layout = layoutOf(scratchDirectory());
  const config = layout.config('cloud.yaml');
  mkdirSync(dirname(config), { recursive: true });
  writeFileSync(config, cloudYaml(layout, 1, NOW));
  const args = { config, json: false, language: 'en' } as const;
  expect(await transferCountsCommand({ ...args, year: '2025' }, io as never)).toBe(0);
  expect(out).toEqual([
    '2025  persons  5  outside exemptions: 5',
    '  standard-contract  5',
    '2025  sensitive  0  outside exemptions: 0',
    '2025  group  unknown: a member has told no figure of the year',
    '2025  held against thresholds: all',
  ]);
});
