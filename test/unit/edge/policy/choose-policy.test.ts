import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { sqlitePolicyStore } from '../../../../edge/adapters/sqlite-policy-store.ts';
import { openAgentDatabase } from '../../../../edge/adapters/sqlite-state.ts';
import { choosePolicy } from '../../../../edge/policy/choose-policy.ts';
import type { PolicyStore } from '../../../../edge/ports/policy-store.ts';
import type { Instant } from '../../../../proto/words/time.ts';
import { openDatabase } from '../../../support/edge/databases.ts';
import { bundleOf, POLICY_KEY, SPEED, signedBundle, withWrongSignature } from '../../../support/edge/policies.ts';
import { tempDirectory } from '../../../support/edge/temp-directory.ts';

const { notBeforeMs, expiresAtMs } = bundleOf();
const NOW = ((notBeforeMs + expiresAtMs) / 2) as Instant;

function choose(offered: Uint8Array | undefined, store: PolicyStore, now: number = NOW) {
  const { policy, fault } = choosePolicy(offered, store, POLICY_KEY, now as Instant);
  return { version: policy?.version, code: fault?.code };
}

function storeHolding(bundle?: Uint8Array): PolicyStore {
  const store = sqlitePolicyStore(openDatabase());
  if (bundle !== undefined) choose(bundle, store);
  return store;
}

describe('without a valid bundle nothing is collected', () => {
  test.each([
    ['none offered', undefined, NOW, undefined],
    ['unsigned', withWrongSignature(signedBundle()), NOW, 'POLICY_UNSIGNED'],
    ['malformed', Buffer.from('policy'), NOW, 'POLICY_MALFORMED'],
    ['not yet', signedBundle(), notBeforeMs - 1, 'POLICY_NOT_YET'],
    ['expired', signedBundle(), expiresAtMs, 'POLICY_EXPIRED'],
  ])('%s', (_, offered, now, code) => {
    const store = storeHolding();
    expect(choose(offered, store, now)).toEqual({ version: undefined, code });
    expect(store.held()).toBeUndefined();
  });
});

describe('the last good bundle is kept', () => {
  const held = signedBundle({ version: 5 });

  test.each([
    ['when none is offered', undefined, undefined],
    ['and an unsigned one is told', withWrongSignature(signedBundle({ version: 6 })), 'POLICY_UNSIGNED'],
    ['and a malformed one is told', Buffer.from('policy'), 'POLICY_MALFORMED'],
    [
      'and an older one is told',
      signedBundle({ version: 4, allowedPaths: [SPEED, 'Vehicle.IsMoving'] }),
      'POLICY_OLDER',
    ],
    ['and one for later is told', signedBundle({ version: 6, notBeforeMs: NOW + 1 }), 'POLICY_NOT_YET'],
    ['and an expired one is told', signedBundle({ version: 6, expiresAtMs: NOW }), 'POLICY_EXPIRED'],
  ])('%s', (_, offered, code) => {
    const store = storeHolding(held);
    const before = store.held();
    expect(choose(offered, store)).toEqual({ version: 5, code });
    expect(store.held()).toEqual(before);
  });

  test('until it expires itself; then nothing is collected, and that is told', () => {
    const store = storeHolding(held);
    expect(choose(undefined, store, expiresAtMs - 1)).toEqual({ version: 5, code: undefined });
    expect(choose(undefined, store, expiresAtMs)).toEqual({ version: undefined, code: 'POLICY_EXPIRED' });
    expect(
      choose(signedBundle({ version: 4, expiresAtMs: expiresAtMs + 10 }), store, expiresAtMs).version,
    ).toBeUndefined();
  });

  test('a newer one takes its place, across a restart, and the old one never comes back', () => {
    const file = join(tempDirectory(), 'agent.db');
    const first = openAgentDatabase(file);
    expect(choose(held, sqlitePolicyStore(first))).toEqual({ version: 5, code: undefined });
    expect(choose(signedBundle({ version: 6 }), sqlitePolicyStore(first)).version).toBe(6);
    first.close();
    const second = openAgentDatabase(file);
    expect(choose(held, sqlitePolicyStore(second))).toEqual({ version: 6, code: 'POLICY_OLDER' });
    expect(choose(undefined, sqlitePolicyStore(second))).toEqual({ version: 6, code: undefined });
    second.close();
  });

  test('one that was changed on disk is not used', () => {
    const database = openDatabase();
    const store = sqlitePolicyStore(database);
    choose(held, store);
    database.prepare('UPDATE policy SET bytes = ?').run(signedBundle({ version: 5 }).subarray(0, 60));
    expect(choose(undefined, store)).toEqual({ version: undefined, code: 'POLICY_MALFORMED' });
  });
});
