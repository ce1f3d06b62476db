import { createPublicKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { CivilDate } from '../../proto/words/time.ts';
import { updateCampaignFiles } from '../adapters/update-campaign-files.ts';
import type { CloudConfig } from '../config/config.ts';
import type { UpdateCampaigns } from '../ports/update-campaigns.ts';
import { DEADLINES } from '../rules/deadlines.table.ts';
import { workingDayBefore } from '../transfer/civil-days.ts';
import { createUpdateDistribution, type DistributionParts, type UpdateDistribution } from '../updates/distribution.ts';
import { calendarsOn, type OpenLaw } from './open-law.ts';
import type { CloudStores } from './open-stores.ts';

type Stores = Pick<CloudStores, 'registers' | 'updates'>;

/** The campaigns that vehicles are offered, looked at from now on. @throws the system's error when the key cannot be read */
export function openUpdates(
  { config: { updates }, path }: LoadedConfig<CloudConfig>,
  stores: Stores,
  law: OpenLaw,
  around: Pick<RoleSurroundings, 'clock' | 'fault'>,
): UpdateDistribution {
  if (updates === undefined) return NO_UPDATES;
  const key = createPublicKey(readFileSync(path(updates.publicKeyFile)));
  const campaigns = updateCampaignFiles(path(updates.directory), key, (name) => around.fault(campaignUnusable(name)));
  const distribution = distributionOf(campaigns, stores, law, around);
  distribution.look();
  return distribution;
}

/** The same over campaigns from anywhere. */
export function distributionOf(
  campaigns: UpdateCampaigns,
  { registers, updates }: Stores,
  law: OpenLaw,
  { clock }: Pick<RoleSurroundings, 'clock'>,
  obstacles?: DistributionParts['obstacles'],
): UpdateDistribution {
  return createUpdateDistribution({
    ...{ campaigns, clock, register: updates, ...(obstacles && { obstacles }) },
    find: (id) => registers.find('ota-campaign', id),
    filingDueOn: (releaseOn) => filingDueOn(releaseOn, law, clock),
  });
}

const NO_UPDATES: UpdateDistribution = {
  offerFor: () => undefined,
  stopsFor: () => [],
  answer: () => undefined,
  look: () => false,
  standings: () => [],
};

/** As the term of the agenda has it. */
function filingDueOn(releaseOn: CivilDate, law: OpenLaw, { now }: RoleSurroundings['clock']): CivilDate | 'unknown' {
  const row = DEADLINES.find(({ id }) => id === 'OTA-3');
  if (row === undefined || !('workingDaysBefore' in row.term)) return 'unknown';
  return workingDayBefore(releaseOn, row.term.workingDaysBefore, calendarsOn(law, now()));
}

function campaignUnusable(name: string): Fault<'UPDATE_CAMPAIGN_UNUSABLE'> {
  return {
    code: 'UPDATE_CAMPAIGN_UNUSABLE',
    problem: bilingual(
      `\`${name}\` in \`updates.directory\` is no campaign that the update key signed, or not whole`,
      `\`updates.directory\` 中的 \`${name}\` 不完整，或不是由升级密钥签名的升级活动`,
    ),
    remedy: bilingual(
      'write it anew with `tongguan ota campaign`; no vehicle is offered it',
      '请用 `tongguan ota campaign` 重新生成；该活动不会下发给任何车辆',
    ),
    retry: 'after-remedy',
  };
}
