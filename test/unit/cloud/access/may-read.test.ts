import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { addressList, parseCidr } from '../../../../cloud/access/cidr.ts';
import { type AccessFacts, mayRead, type Source } from '../../../../cloud/access/may-read.ts';
import { type Principal, READINGS } from '../../../../cloud/registers/kinds/principals.ts';
import type { CivilDate } from '../../../../proto/words/time.ts';

const WANG: Principal = {
  id: 'wang',
  person: 'p-7',
  employer: { name: 'Example Motor', country: 'CN' },
  resident: 'CN',
  reads: ['status', 'transfers'],
  validFrom: '2026-01-01' as CivilDate,
  validUntil: '2026-12-31' as CivilDate,
};
const facts = (principals: readonly Principal[], on = '2026-06-01'): AccessFacts => ({
  principals: (account) => principals.filter(({ id }) => id === account),
  accountOf: (uid) => (uid === 1000 ? 'wang' : undefined),
  mainland: addressList(['192.0.2.0/24', '2001:db8:1::/48']),
  on: on as CivilDate,
});
const LOCAL: Source = { via: 'local', uid: 1000 };
const from = (address: string | undefined, account: string | undefined = 'wang'): Source => ({
  via: 'network',
  address,
  account,
});

// biome-ignore format: one case a line
const CASES: readonly (readonly [string, Source, Partial<Principal>, string])[] = [
  ['somebody of the mainland on this machine', LOCAL, {}, 'granted'],
  ['an address of the mainland', from('192.0.2.77'), {}, 'granted'],
  ['the same within IPv6', from('::ffff:192.0.2.77'), {}, 'granted'],
  ['an IPv6 address of the mainland', from('2001:db8:1::5'), {}, 'granted'],
  ['an address one past the block', from('192.0.3.0'), {}, 'ACCESS_ADDRESS'],
  ['an IPv6 address elsewhere', from('2001:db8:2::5'), {}, 'ACCESS_ADDRESS'],
  ['this machine over the network, which is not listed', from('127.0.0.1'), {}, 'ACCESS_ADDRESS'],
  ['no address', from(undefined), {}, 'ACCESS_SOURCE'],
  ['text for an address', from('mainland'), {}, 'ACCESS_ADDRESS'],
  ['a peer whom nobody can tell', { via: 'local', uid: undefined }, {}, 'ACCESS_SOURCE'],
  ['another account of the machine', { via: 'local', uid: 0 }, {}, 'ACCESS_UNKNOWN'],
  ['no account', from('192.0.2.77', ''), {}, 'ACCESS_UNKNOWN'],
  ['a person abroad', LOCAL, { resident: 'DE' }, 'ACCESS_OVERSEAS'],
  ['a person in Hong Kong', LOCAL, { resident: 'HK' }, 'ACCESS_OVERSEAS'],
  ['a person in Taiwan', LOCAL, { resident: 'TW' }, 'ACCESS_OVERSEAS'],
  ['a person at home who works for somebody abroad', LOCAL, { employer: { name: 'Lab', country: 'US' } }, 'ACCESS_OVERSEAS'],
  ['a person abroad whose entry has lapsed as well', LOCAL, { resident: 'DE', validUntil: '2026-02-01' as CivilDate }, 'ACCESS_OVERSEAS'],
  ['an entry that begins tomorrow', LOCAL, { validFrom: '2026-06-02' as CivilDate }, 'ACCESS_LAPSED'],
  ['an entry that ended yesterday', LOCAL, { validUntil: '2026-05-31' as CivilDate }, 'ACCESS_LAPSED'],
  ['an entry on its last day', LOCAL, { validUntil: '2026-06-01' as CivilDate }, 'granted'],
  ['an entry that does not name the reading', LOCAL, { reads: ['status'] }, 'ACCESS_ROLE'],
];

test.each(CASES)('%s', (_, source, change, expected) => {
  const access = mayRead('transfers', source, facts([{ ...WANG, ...change }]));
  expect(access.access === 'granted' ? 'granted' : access.because).toBe(expected);
});

test('an account in two entries is nobody', () => {
  expect(mayRead('transfers', LOCAL, facts([WANG, WANG]))).toMatchObject({ because: 'ACCESS_UNKNOWN' });
});

test('never granted to anybody abroad, or from an address that is not listed, whatever else holds', () => {
  const country = fc.constantFrom('CN', 'HK', 'MO', 'TW', 'DE', 'US');
  const day = fc.constantFrom('2025-12-31', '2026-06-01', '2027-01-01') as fc.Arbitrary<CivilDate>;
  const principal = fc.record({ resident: country, seat: country, validFrom: day, validUntil: day });
  const source = fc.oneof(
    fc.record({ via: fc.constant('local' as const), uid: fc.option(fc.constantFrom(0, 1000), { nil: undefined }) }),
    fc.record({
      via: fc.constant('network' as const),
      address: fc.option(fc.oneof(fc.ipV4(), fc.ipV6(), fc.constant('192.0.2.1')), { nil: undefined }),
      account: fc.constantFrom('wang', undefined),
    }),
  );
  fc.assert(
    fc.property(fc.array(principal, { maxLength: 2 }), source, fc.constantFrom(...READINGS), (many, at, reading) => {
      const entries = many.map(({ resident, seat, ...days }) => ({
        ...WANG,
        ...days,
        resident,
        employer: { name: 'x', country: seat },
      }));
      if (mayRead(reading, at, facts(entries)).access !== 'granted') return true;
      const [only, another] = entries;
      const isHome = only?.resident === 'CN' && only.employer.country === 'CN' && another === undefined;
      const isNear = at.via === 'local' ? at.uid === 1000 : /^192\.0\.2\.|^2001:0?db8:0*1:/.test(at.address ?? '');
      return isHome && isNear && WANG.reads.includes(reading);
    }),
    { numRuns: 500 },
  );
});

describe('blocks', () => {
  test.each([
    '192.0.2.0',
    '192.0.2.0/33',
    '192.0.2.0/',
    '192.0.2.0/2/3',
    '300.0.0.0/8',
    '2001:db8::/129',
    'all/0',
    '192.0.2.0/-1',
    '192.0.2.0/ 8',
  ])('`%s` is none', (text) => expect(parseCidr(text)).toBeUndefined());

  test('no block covers nothing', () => expect(addressList([]).has('192.0.2.1')).toBe(false));
});
