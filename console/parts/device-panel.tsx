import { defineComponent } from 'vue';
import { follow } from '../api/follow.ts';
import { foldedStages, type StageTimes } from '../models/folded-stages.ts';
import { depthText, offlineDaysText, type ToldSpool } from '../models/spool-texts.ts';
import { hasRole } from '../session.ts';
import { countText, momentText } from '../words/format.ts';
import { comma, named, t } from '../words/language.ts';
import { DeviceActs } from './device-acts.tsx';
import { Facts } from './facts.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { Table } from './table.tsx';

interface Batch {
  readonly receivedAt: string;
  readonly count: number;
  readonly policyId: string;
  readonly policyVersion: number;
  readonly steps: readonly { readonly stage: string; readonly parameters: string }[];
  readonly removals: readonly { readonly cause: string; readonly count: number }[];
}

interface Shown {
  readonly batches: readonly Batch[];
  readonly spool: ToldSpool | null;
}

/** What the newest batches of one device say of themselves: which stages ran, and what was removed on the vehicle. */
export const DevicePanel = defineComponent(
  (props: { readonly device: string; readonly acted: () => Promise<unknown> }) => {
    const { value, fault } = follow<Shown>(() => `/devices/${props.device}`);
    return () => (
      <Panel title={`${t('fleet.device')} ${props.device}`}>
        <FaultNotice fault={fault.value} />
        {value.value === undefined ? null : spoolFacts(value.value.spool)}
        {value.value?.batches.length === 0 ? (
          <Empty text={t('fleet.no-batches')} />
        ) : (
          <Table
            label={t('fleet.batches')}
            columns={[
              { title: t('fleet.received') },
              { title: t('fleet.frames'), isFigure: true },
              { title: t('fleet.policy') },
              { title: t('fleet.stages'), isProse: true },
              { title: t('fleet.removed'), isProse: true },
            ]}
            rows={(value.value?.batches ?? []).map(
              ({ receivedAt, count, policyId, policyVersion, steps, removals }) => [
                momentText(receivedAt),
                countText(count),
                `${policyId} v${policyVersion}`,
                foldedStages(steps).map(stageText).join(comma()),
                removals.map(({ cause, count: of }) => `${named('removed', cause)} ${countText(of)}`).join(comma()) ||
                  '–',
              ],
            )}
          />
        )}
        {hasRole(['fleet', 'security-officer']) ? <DeviceActs device={props.device} acted={props.acted} /> : null}
      </Panel>
    );
  },
  { props: ['device', 'acted'] },
);

const stageText = ({ stage, times }: StageTimes): string =>
  times === 1 ? named('stage', stage) : `${named('stage', stage)} × ${countText(times)}`;

/** How full the spool of a device is, and the days without an uplink that it has room for, in words. */
export function spoolTexts(spool: ToldSpool | null): readonly [depth: string, days: string] {
  const [depth, days] = [depthText(spool), offlineDaysText(spool)];
  const full = depth === '0' ? t('fleet.empty-spool') : `${depth} ${t('fleet.full')}`;
  return [
    depth === undefined ? t('fleet.not-told') : full,
    days === undefined ? t('fleet.not-told') : `${days} ${t('fleet.day-unit')}`,
  ];
}

const spoolFacts = (spool: ToldSpool | null) => (
  <Facts
    facts={[
      [t('fleet.spool'), spoolTexts(spool)[0]],
      [t('fleet.offline-days'), spoolTexts(spool)[1]],
      ...(spool === null ? [] : [[t('fleet.told-at'), momentText(spool.toldAt)] as const]),
    ]}
  />
);
