import { describe, expect, test } from 'vitest';
import { obstaclesTo } from '../../../../cloud/updates/may-release.ts';
import type { CivilDate, Instant } from '../../../../proto/words/time.ts';
import { CAMPAIGN, ENTRY, NOW, PACKAGE } from '../../../support/cloud/campaigns.ts';

const filingDueOn = () => '2026-12-03' as CivilDate;
const against = (change: object = {}, facts: object = {}) =>
  obstaclesTo(
    { campaign: CAMPAIGN, package: PACKAGE },
    { now: NOW, entry: { ...ENTRY, body: { ...ENTRY.body, ...change } }, filingDueOn, ...facts },
  );
const receipt = (at: string) => ({ number: '1', authority: 'A', at });

describe('a campaign', () => {
  test('is released once both regulators have it for that package, in time, and its day has come', () => {
    expect(against()).toEqual([]);
  });

  test.each([
    ['no entry', {}, { entry: undefined }, 'not-registered'],
    ['an entry that was withdrawn', {}, { entry: { ...ENTRY, isWithdrawn: true } }, 'withdrawn'],
    ['somebody who stopped it', { stopped: 'two units are dark' }, {}, 'stopped'],
    ['another package', { packageSha256: 'ab'.repeat(32) }, {}, 'other-package'],
    ['another ECU', { ecus: ['steering'] }, {}, 'other-ecu'],
    ['no ECUs', { ecus: undefined }, {}, 'other-ecu'],
    ['no receipt of MIIT', { miitFiling: undefined }, {}, 'miit-filing-missing'],
    [
      'a receipt of MIIT from tomorrow',
      { miitFiling: receipt('2026-12-11T00:00:00+08:00') },
      {},
      'miit-filing-missing',
    ],
    ['a receipt of MIIT without a time', { miitFiling: receipt('soon') }, {}, 'miit-filing-missing'],
    ['no receipt of SAMR', { samrFiling: undefined }, {}, 'samr-filing-missing'],
    ['a receipt of SAMR that came late', { samrFiling: receipt('2026-12-04T00:00:00+08:00') }, {}, 'samr-filing-late'],
    ['working days that nobody can count', {}, { filingDueOn: () => 'unknown' as const }, 'samr-filing-late'],
    ['a day of release that is ahead', { releaseOn: '2026-12-11' }, {}, 'release-day-ahead'],
    ['no day of release', { releaseOn: undefined }, {}, 'release-day-ahead'],
    ['an end that has come', {}, { now: CAMPAIGN.expiresAtMs as Instant }, 'over'],
  ])('with %s is held back', (_, change, facts, obstacle) => {
    expect(against(change, facts)).toEqual([obstacle]);
  });

  test('whose SAMR receipt is of the last day is in time', () => {
    expect(against({ samrFiling: receipt('2026-12-03T23:59:59+08:00') })).toEqual([]);
  });
});
