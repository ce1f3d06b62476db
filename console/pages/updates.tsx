import { defineComponent } from 'vue';
import { RouterLink } from 'vue-router';
import { follow } from '../api/follow.ts';
import { type CampaignStanding, campaignProgress } from '../models/campaign-progress.ts';
import { CampaignActs } from '../parts/campaign-acts.tsx';
import { Facts } from '../parts/facts.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { Prose } from '../parts/prose.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { hasRole } from '../session.ts';
import { countText } from '../words/format.ts';
import { labelled, named, t } from '../words/language.ts';

/** Vehicles report by themselves; the cloud looks at campaigns every five seconds. */
const LOOK_MS = 5_000;

/** Who is offered the page of filings; fleet engineers are not. */
const FILING_READERS = ['custodian', 'requester', 'approver', 'security-officer', 'auditor'] as const;

/** Campaigns of software updates: what holds each back, and how many vehicles are how far. */
export const Updates = defineComponent(() => {
  const standings = follow<{ readonly campaigns: readonly CampaignStanding[] }>(() => '/updates', LOOK_MS);
  return () => {
    const campaigns = standings.value.value?.campaigns;
    return (
      <div class="stack">
        <FaultNotice fault={standings.fault.value} />
        <p class="quiet">
          <Prose text={t('updates.note')} />
        </p>
        {campaigns?.length === 0 ? <Empty text={t('updates.empty')} /> : null}
        {campaigns?.map((campaign) => campaignPanel(campaign, standings.reload))}
      </div>
    );
  };
});

function campaignPanel(campaign: CampaignStanding, acted: () => Promise<void>) {
  const { id, ecu, version, label, packageSha256, vehicles, heldBackBy } = campaign;
  const { installed, share, rows } = campaignProgress(campaign);
  return (
    <Panel key={id} title={`${ecu} ${label} (${id})`}>
      <Facts
        facts={[
          [t('transfers.state'), <StateTag state={heldBackBy.length === 0 ? 'offered' : 'held-back'} />],
          [t('updates.version'), countText(version)],
          [t('updates.vehicles'), countText(vehicles)],
          [t('filings.package'), <span class="path">{packageSha256}</span>],
        ]}
      />
      {heldBackBy.length === 0 ? null : obstacles(heldBackBy)}
      <CampaignActs id={id} isStopped={heldBackBy.includes('stopped')} acted={acted} />
      <ProgressBar
        label={labelled('updates.installed', `${countText(installed)} / ${countText(vehicles)} ·`)}
        share={share ?? 0}
      />
      {rows.length === 0 ? (
        <p class="quiet">{t('updates.nobody')}</p>
      ) : (
        <Table
          label={`${t('updates.vehicles')} ${id}`}
          columns={[
            { title: t('transfers.state') },
            { title: t('updates.reason'), isProse: true },
            { title: t('updates.vehicles'), isFigure: true },
          ]}
          rows={rows.map(({ state, reason, vehicles: count }) => [
            named('update-state', state),
            reason === 'none' ? '–' : named('update-reason', reason),
            countText(count),
          ])}
        />
      )}
    </Panel>
  );
}

const obstacles = (heldBackBy: CampaignStanding['heldBackBy']) => (
  <section aria-label={t('updates.held-back')}>
    <h3>{t('updates.held-back')}</h3>
    <ul class="rules">
      {heldBackBy.map((obstacle) => (
        <li key={obstacle}>{named('update-obstacle', obstacle)}</li>
      ))}
    </ul>
    {hasRole(FILING_READERS) ? <RouterLink to="/filings">{{ default: () => t('page.filings') }}</RouterLink> : null}
  </section>
);
