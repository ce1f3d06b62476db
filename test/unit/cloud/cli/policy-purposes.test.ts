import { describe, expect, test } from 'vitest';
import { purposeFields, purposeMistakes } from '../../../../cloud/cli/policy-purposes.ts';
import { purposesOf } from '../../../../edge/policy/purpose.ts';
import { decodePolicyBundle, encodePolicyBundle } from '../../../../proto/codec/control-codec.ts';
import { bundleOf, CHARGE, SPEED, TYPE } from '../../../support/edge/policies.ts';

type Named = Parameters<typeof purposeMistakes>[0];
type One = Named['purposes'][number];

const PATHS = [SPEED, CHARGE, TYPE];
const purpose = (change: Partial<One>): One => ({
  ...{ id: 'care', consent: 'none', expiresAt: '2027-01-01T00:00:00+08:00', kinds: [], paths: [], ...change },
});

describe('purposes in a policy file', () => {
  test('arrive on the vehicle: named paths for theirs, `signals` for all others', () => {
    const named = {
      purposes: [
        purpose({ kinds: ['signals', 'trips'] }),
        purpose({ id: 'journeys', consent: 'driver', kinds: ['cells'], paths: [CHARGE] }),
      ],
    };
    expect(purposeMistakes(named, PATHS)).toEqual([]);
    const encoded = encodePolicyBundle(bundleOf({ allowedPaths: PATHS, ...purposeFields(named, PATHS) }));
    const decoded = decodePolicyBundle(encoded);
    const read = decoded.ok ? purposesOf(decoded.value) : decoded;
    const ids = read.ok ? [...read.value.ofPath].map(([path, { id }]) => [path, id]) : [];
    expect(ids).toEqual([
      [SPEED, 'care'],
      [CHARGE, 'journeys'],
      [TYPE, 'care'],
    ]);
    const kinds = read.ok ? Object.entries(read.value.ofKind).map(([kind, one]) => `${kind}: ${one?.id}`) : [];
    expect(kinds.sort()).toEqual(['cells: journeys', 'trips: care']);
  });

  test('without `signals`, a path that none names is for none', () => {
    const fields = purposeFields({ purposes: [purpose({ paths: [SPEED] })] }, PATHS);
    expect([...(fields.pathPurposes ?? [])]).toEqual([1, 0, 0]);
  });

  test.each<[string, readonly One[], string]>([
    ['an id twice', [purpose({}), purpose({})], 'twice'],
    ['a path for two', [purpose({ paths: [SPEED] }), purpose({ id: 'b', paths: [SPEED] })], 'two purposes'],
    ['a kind for two', [purpose({ kinds: ['cells'] }), purpose({ id: 'b', kinds: ['cells'] })], 'two purposes'],
    ['a path that is not allowed', [purpose({ paths: ['Vehicle.Other'] })], 'no path of'],
    ['the cabin without everybody', [purpose({ kinds: ['cabinImages'], consent: 'driver' })], 'all-occupants'],
  ])('with %s are told', (_, purposes, words) => {
    expect(purposeMistakes({ purposes: [...purposes] }, PATHS).join()).toContain(words);
  });
});
