import { computed, defineComponent, type Ref, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import type { Job } from '../api/jobs.ts';
import type { ReportDraft } from '../api/reports.ts';
import { typedDay } from '../models/typed-time.ts';
import { Act } from '../parts/act.tsx';
import { DayInput } from '../parts/day-input.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { ProgressBar } from '../parts/progress-bar.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { Table } from '../parts/table.tsx';
import { Choice } from '../parts/text-input.tsx';
import { bytesText, countText, momentText } from '../words/format.ts';
import { named, t } from '../words/language.ts';

const LOOK_MS = 1_000;
const KINDS = ['annual', 'assessment', 'contract'] as const;
const LANGUAGES = ['zh', 'en', 'both'] as const;

type DraftJob = Job<ReportDraft> & { readonly askedAt: string };

/** Drafts of what authorities are told: asked for by kind and days, made by the cloud beside its other work, and fetched. */
export const Reports = defineComponent(() => {
  const [kind, language, from, until] = [ref<string>('annual'), ref<string>('zh'), ref(''), ref('')];
  const refusal = shallowRef<Fault>();
  const { value, fault, reload } = follow<{ readonly jobs: readonly DraftJob[] }>(() => '/reports', LOOK_MS);
  const act = async (method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> => {
    const answer = await ask<object>(method, path, body);
    refusal.value = answer.ok ? undefined : answer.fault;
    await reload();
  };
  const days = computed(() => ({ from: typedDay(from.value) ?? '', until: typedDay(until.value) ?? '' }));
  const wish = () => ({ kind: kind.value, language: language.value, ...days.value });
  const remove = (job: string): Promise<void> => act('DELETE', `/reports/${job}`);
  return () => (
    <Panel title={t('reports.title')} note={t('reports.note')}>
      <div class="form-row">
        {choice({ id: 'report-kind', label: t('reports.kind'), of: kind }, KINDS)}
        <DayInput id="report-from" label={t('inspection.from')} of={from} />
        <DayInput id="report-until" label={t('inspection.until')} of={until} />
        {choice({ id: 'report-language', label: t('reports.language'), of: language }, LANGUAGES)}
      </div>
      <div class="toolbar">
        <Act
          text={t('reports.act')}
          tone="primary"
          disabled={days.value.from === '' || days.value.until < days.value.from}
          act={() => act('POST', '/reports', wish())}
        />
      </div>
      <FaultNotice fault={refusal.value ?? fault.value} />
      <div aria-live="polite">{listed(value.value?.jobs, remove)}</div>
      <p class="quiet">{t('reports.kept')}</p>
    </Panel>
  );
});

const choice = (
  of: { readonly id: string; readonly label: string; readonly of: Ref<string> },
  names: readonly string[],
) => <Choice {...of} options={names.map((one) => ({ value: one, text: named(of.id, one) }))} />;

function listed(jobs: readonly DraftJob[] | undefined, remove: (job: string) => Promise<void>) {
  if (jobs === undefined) return null;
  if (jobs.length === 0) return <Empty text={t('reports.empty')} />;
  return (
    <Table
      label={t('reports.title')}
      columns={[
        { title: t('reports.at') },
        { title: t('transfers.state') },
        { title: t('inspection.file'), isProse: true },
        { title: t('filings.next') },
      ]}
      rows={jobs.map((one) => [
        momentText(one.askedAt),
        <StateTag state={one.state === 'answered' ? 'ready' : one.state} />,
        fileOf(one),
        <Act
          text={t(one.state === 'under-way' ? 'inspection.end' : 'inspection.remove')}
          act={() => remove(one.job)}
        />,
      ])}
    />
  );
}

function fileOf(one: DraftJob) {
  if (one.state === 'under-way') return <ProgressBar label={named('report-step', one.step)} share={one.share} />;
  if (one.state === 'failed') return <FaultNotice fault={one.fault} />;
  const { kind, from, until, transfers, missing, files } = one.outcome;
  return (
    <div class="stack-tight">
      <span>{`${named('report-kind', kind)} · ${from} – ${until}`}</span>
      <span class="quiet">
        {`${countText(transfers)} ${t('reports.transfers')} · ${countText(missing)} ${t('reports.missing')}`}
      </span>
      {files.map(({ form, bytes }) => (
        <a href={`/api/v1/reports/${one.job}/document?form=${form}`} download>
          {`report-${kind}-${from}-${until}.${form} · ${bytesText(bytes)}`}
        </a>
      ))}
    </div>
  );
}
