import { describe, expect, test } from 'vitest';
import { type Custodian, custodianOn } from '../../../../cloud/zones/custodian.ts';
import { ZonesConfig } from '../../../../cloud/zones/zones-config.ts';
import type { CivilDate, Instant } from '../../../../proto/words/time.ts';
import { cellFrame, NOW } from '../../../support/cloud/batches.ts';
import { CUSTODIAN } from '../../../support/cloud/custodian.ts';
import { openStores } from '../../../support/cloud/open-stores.ts';
import { scratchDirectory } from '../../../support/cloud/stores.ts';

const verdictAt = (text: string, custodian: Custodian = CUSTODIAN): string => {
  const found = custodianOn(custodian, { now: () => Date.parse(text) as Instant });
  return found.ok ? 'open' : found.fault.code;
};

const cell = (sequence: number) => ({ key: { deviceNumber: 1, epoch: 1, sequence }, content: cellFrame() });

describe('a custodian', () => {
  test('may read on the first and the last day of the term in Shanghai, and on no day before or after', () => {
    expect(verdictAt('2025-01-01T15:59:59Z')).toBe('CUSTODIAN_LAPSED');
    expect(verdictAt('2025-01-01T16:00:00Z')).toBe('open');
    expect(verdictAt('2027-12-31T15:59:59Z')).toBe('open');
    expect(verdictAt('2027-12-31T16:00:00Z')).toBe('CUSTODIAN_LAPSED');
  });

  test('whom nobody has attested yet, or nobody named, may not', () => {
    expect(verdictAt('2026-03-01T00:00:00Z', { ...CUSTODIAN, attestedOn: '2026-03-02' as CivilDate })).toBe(
      'CUSTODIAN_LAPSED',
    );
    expect(custodianOn(undefined, { now: () => NOW })).toMatchObject({
      ok: false,
      fault: { code: 'CUSTODIAN_MISSING' },
    });
  });

  test('who lapses while the cloud runs closes the geographic zone to reads; records go on coming in, and others are read', () => {
    let now = NOW;
    const stores = openStores(scratchDirectory(), [], { clock: { now: () => now } });
    stores.zones.geographic.insert([cell(0)]);
    expect(stores.reader('geographic').ok).toBe(true);
    now = Date.parse('2028-01-01T00:00:00Z') as Instant;
    expect(stores.reader('geographic')).toMatchObject({ ok: false, fault: { code: 'CUSTODIAN_LAPSED' } });
    expect(stores.zones.geographic.insert([cell(1)])).toBe(1);
    expect(stores.reader('personal').ok).toBe(true);
    stores.close();
  });
});

describe('a process', () => {
  test('reads the zones it names and no others, and writes all', () => {
    const stores = openStores(scratchDirectory(), [], { read: ['personal'] });
    expect(stores.reader('personal').ok).toBe(true);
    for (const zone of ['general', 'geographic', 'important'] as const)
      expect(stores.reader(zone)).toMatchObject({ ok: false, fault: { code: 'ZONE_CLOSED' } });
    expect(stores.quarantineReader()).toMatchObject({ ok: false, fault: { code: 'ZONE_CLOSED' } });
    expect(stores.zones.geographic.insert([cell(0)])).toBe(1);
    expect(stores.zones.geographic.devices('cell')).toEqual([1]);
    stores.close();
  });

  test('has to be told where keys lie and what it reads', () => {
    const whole = { keys: 'keys', vaults: 'vaults', read: [] };
    expect(ZonesConfig.safeParse(whole).success).toBe(true);
    for (const key of Object.keys(whole))
      expect(ZonesConfig.safeParse({ ...whole, [key]: undefined }).success).toBe(false);
    const { attestedBy: _, ...unattested } = CUSTODIAN;
    for (const custodian of [unattested, { ...CUSTODIAN, validUntil: '2026-02-30' }, { ...CUSTODIAN, grade: 'C' }])
      expect(ZonesConfig.safeParse({ ...whole, custodian }).success).toBe(false);
  });
});
