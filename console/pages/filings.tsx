import { computed, defineComponent, shallowRef } from 'vue';
import { RouterLink, useRouter } from 'vue-router';
import type { AgendaItem } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import type { RegisterEntry } from '../api/registers.ts';
import { duesOf } from '../models/due-clock.ts';
import { begunFiling, type FilingRow, filingRows } from '../models/source-filings.ts';
import { DueList } from '../parts/due-list.tsx';
import { EntryForm } from '../parts/entry-form.tsx';
import { Facts } from '../parts/facts.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { hasRole } from '../session.ts';
import { valueText } from '../words/fields.ts';
import { labelled, named, t } from '../words/language.ts';
import { newLink } from './register.tsx';

const CAMPAIGNS = 'ota-campaign';
const FILINGS = 'source-filing';

interface Listed {
  readonly entries: readonly RegisterEntry[];
}

/** Campaigns over the air, the clock of each, and how far the filing of every control unit's source code is. */
export const Filings = defineComponent(() => {
  const router = useRouter();
  const campaigns = follow<Listed>(() => `/registers/${CAMPAIGNS}`);
  const filings = follow<Listed>(() => `/registers/${FILINGS}`);
  const agenda = follow<{ readonly agenda: readonly AgendaItem[] }>(() => '/agenda');
  const begun = shallowRef<Readonly<Record<string, unknown>>>();
  const standing = computed(() => (campaigns.value.value?.entries ?? []).filter(({ isWithdrawn }) => !isWithdrawn));
  const rows = computed(() => filingRows(standing.value, filings.value.value?.entries ?? []));
  const begin = (campaign: RegisterEntry, ecu: string): void => {
    begun.value = begunFiling(campaign, ecu);
  };
  const saved = ({ id }: RegisterEntry) => router.push(`/registers/${FILINGS}/${encodeURIComponent(id)}`);
  const left = (): void => {
    begun.value = undefined;
  };
  return () => (
    <div class="stack">
      <FaultNotice fault={campaigns.fault.value ?? filings.fault.value} />
      <p class="quiet">{t('filings.note')}</p>
      {hasRole(['custodian']) ? <div class="toolbar">{newLink(`/registers/${CAMPAIGNS}?new`)}</div> : null}
      {begun.value === undefined ? null : (
        <EntryForm key={String(begun.value['id'])} kind={FILINGS} begun={begun.value} saved={saved} left={left} />
      )}
      {campaigns.value.value !== undefined && standing.value.length === 0 ? <Empty text={t('filings.empty')} /> : null}
      {standing.value.map((campaign) => {
        const own = rows.value.filter((row) => row.campaign === campaign.id);
        return campaignPanel(campaign, own, duesOf(agenda.value.value?.agenda ?? [], CAMPAIGNS, campaign.id), begin);
      })}
    </div>
  );
});

function campaignPanel(
  campaign: RegisterEntry,
  rows: readonly FilingRow[],
  dues: readonly AgendaItem[],
  begin: (campaign: RegisterEntry, ecu: string) => void,
) {
  const { id, body } = campaign;
  return (
    <Panel key={id} title={`${String(body['title'])} (${id})`}>
      <Facts
        facts={[
          [t('filings.purpose'), valueText(String(body['purpose']))],
          [t('filings.release'), String(body['releaseOn'])],
          [t('filings.package'), <span class="path">{String(body['packageSha256'])}</span>],
          [t('registers.entry'), entryLink(CAMPAIGNS, id)],
        ]}
      />
      {dues.length === 0 ? null : <DueList items={dues} />}
      <Table
        label={`${t('filings.units')} ${id}`}
        columns={[
          { title: t('filings.unit') },
          { title: t('transfers.state') },
          { title: t('filings.submitted') },
          { title: t('filings.number') },
          { title: t('filings.hashes') },
          { title: t('filings.next') },
        ]}
        rows={rows.map((row) => filingCells(row, () => begin(campaign, row.ecu)))}
      />
    </Panel>
  );
}

function filingCells({ ecu, filing, hashes }: FilingRow, begin: () => void) {
  const { filed, submittedOn, state } = (filing?.body ?? {}) as {
    readonly filed?: { readonly number: string };
    readonly submittedOn?: string;
    readonly state?: string;
  };
  const next =
    filing !== undefined ? (
      <span>
        {labelled('filings.go-on', '')}
        {entryLink(FILINGS, filing.id)}
      </span>
    ) : hasRole(['custodian']) ? (
      <button type="button" class="link" onClick={begin}>
        {labelled('filings.begin', ecu)}
      </button>
    ) : (
      t('filings.ask')
    );
  return [
    ecu,
    <StateTag state={state ?? 'not-begun'} />,
    submittedOn ?? '–',
    filed?.number ?? '–',
    named('hashes', hashes),
    next,
  ];
}

export const entryLink = (kind: string, id: string) => (
  <RouterLink to={`/registers/${kind}/${encodeURIComponent(id)}`}>{{ default: () => id }}</RouterLink>
);
