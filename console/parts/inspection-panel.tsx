import { computed, defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import type { Inspection } from '../api/inspections.ts';
import { typedDay } from '../models/typed-time.ts';
import { hasRole } from '../session.ts';
import { bytesText, countText, momentText } from '../words/format.ts';
import { named, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { DayInput } from './day-input.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { ProgressBar } from './progress-bar.tsx';
import { StateTag } from './state-tag.tsx';
import { Table } from './table.tsx';

const LOOK_MS = 1_000;

/** Bundles for inspectors: asked for by a time, made by the cloud beside its other work, fetched, and gone after a day. */
export const InspectionPanel = defineComponent(() => {
  const [from, until] = [ref(''), ref('')];
  const refusal = shallowRef<Fault>();
  const { value, fault, reload } = follow<{ readonly inspections: readonly Inspection[] }>(
    () => '/inspections',
    LOOK_MS,
  );
  const act = async (method: 'POST' | 'DELETE', path: string, body?: object): Promise<void> => {
    const answer = await ask<object>(method, path, body);
    refusal.value = answer.ok ? undefined : answer.fault;
    await reload();
  };
  const days = computed(() => ({ from: typedDay(from.value) ?? '', until: typedDay(until.value) ?? '' }));
  const begin = (): Promise<void> => act('POST', '/inspections', days.value);
  const remove = (id: string): Promise<void> => act('DELETE', `/inspections/${id}`);
  return () => (
    <Panel title={t('inspection.title')} note={t('inspection.note')}>
      <div class="form-row">
        <DayInput id="inspection-from" label={t('inspection.from')} of={from} />
        <DayInput id="inspection-until" label={t('inspection.until')} of={until} />
      </div>
      <div class="toolbar">
        <Act
          text={t('inspection.act')}
          tone="primary"
          disabled={days.value.from === '' || days.value.until < days.value.from}
          act={begin}
        />
      </div>
      <FaultNotice fault={refusal.value ?? fault.value} />
      <div aria-live="polite">
        {value.value === undefined ? null : value.value.inspections.length === 0 ? (
          <Empty text={t('inspection.empty')} />
        ) : (
          bundleTable(value.value.inspections, remove)
        )}
      </div>
    </Panel>
  );
});

/** Who else than an auditor looks at the page is not offered what they would be refused. */
export const mayInspect = (): boolean => hasRole(['auditor']);

const bundleTable = (inspections: readonly Inspection[], remove: (id: string) => Promise<void>) => (
  <Table
    label={t('inspection.title')}
    columns={[
      { title: t('inspection.period') },
      { title: t('inspection.by') },
      { title: t('transfers.state') },
      { title: t('inspection.file'), isProse: true },
      { title: t('filings.next') },
    ]}
    rows={inspections.map((one) => [
      `${one.from} – ${one.until}`,
      one.by,
      <StateTag state={one.state} />,
      fileOf(one),
      <Act text={t(one.state === 'under-way' ? 'inspection.end' : 'inspection.remove')} act={() => remove(one.id)} />,
    ])}
  />
);

function fileOf(one: Inspection) {
  if (one.state === 'under-way') return <ProgressBar label={named('inspection-step', one.step)} share={one.share} />;
  if (one.state === 'failed') return <FaultNotice fault={one.fault} />;
  return (
    <div class="stack-tight">
      <a href={`/api/v1/inspections/${one.id}/bundle`} download>
        {`inspection-${one.from}-${one.until}.zip`}
      </a>
      <span class="quiet">
        {`${bytesText(one.bytes)} · ${countText(one.files)} ${t('inspection.files')} · ${t('inspection.kept')} ${momentText(one.keptUntil)}`}
      </span>
      <span class="path">{`SHA-256 ${one.sha256}`}</span>
    </div>
  );
}
