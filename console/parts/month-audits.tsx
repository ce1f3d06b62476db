import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import type { MonthAudit } from '../api/audits.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { hasRole } from '../session.ts';
import { t } from '../words/language.ts';
import { Act } from './act.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { StateTag } from './state-tag.tsx';
import { Table } from './table.tsx';
import { TextInput } from './text-input.tsx';

/** Months and their audits: one auditor gathers what a month held, and signs it with a remark. */
export const MonthAudits = defineComponent(() => {
  const { value, fault, reload } = follow<{ readonly audits: readonly MonthAudit[] }>(() => '/audits');
  const chosen = ref<string>();
  const remark = ref('');
  const refusal = shallowRef<Fault>();
  const gathered = shallowRef<object>();
  const act = async (what: 'run' | 'sign', body: object): Promise<void> => {
    const answer = await ask<object>('POST', `/audits/${what}`, body);
    refusal.value = answer.ok ? undefined : answer.fault;
    if (answer.ok) [gathered.value, remark.value] = [answer.value, ''];
    await reload();
  };
  const signing = (month: string) => (
    <div class="stack">
      <h3>{`${t('months.sign')} ${month}`}</h3>
      <div class="toolbar">
        <TextInput id="remark" label={t('months.remark')} of={remark} hint={t('months.remark-hint')} />
        <Act
          text={t('months.sign-act')}
          tone="primary"
          disabled={remark.value.trim() === ''}
          act={() => act('sign', { month, remark: remark.value.trim() })}
        />
      </div>
    </div>
  );
  const open = (month: string): void => {
    chosen.value = month;
  };
  return () => (
    <Panel title={t('months.title')} note={t('months.note')}>
      <FaultNotice fault={refusal.value ?? fault.value} />
      {value.value?.audits.length === 0 ? (
        <Empty text={t('months.empty')} />
      ) : (
        monthTable(value.value?.audits ?? [], (month) => act('run', { month }), open)
      )}
      {gathered.value === undefined ? null : (
        <details open>
          <summary>{t('months.gathered')}</summary>
          <pre class="document">{JSON.stringify(gathered.value, null, 2)}</pre>
        </details>
      )}
      {chosen.value === undefined ? null : signing(chosen.value)}
    </Panel>
  );
});

function monthTable(
  audits: readonly MonthAudit[],
  run: (month: string) => Promise<void>,
  sign: (month: string) => void,
) {
  const next = ({ month, state }: MonthAudit) =>
    !hasRole(['auditor']) ? (
      '–'
    ) : state === 'due' ? (
      <Act text={t('months.run')} act={() => run(month)} />
    ) : state === 'run' ? (
      <button type="button" class="link" onClick={() => sign(month)}>
        {`${t('months.sign')} ${month}`}
      </button>
    ) : (
      '–'
    );
  return (
    <Table
      label={t('months.title')}
      columns={[
        { title: t('months.month') },
        { title: t('transfers.state') },
        { title: t('months.ran-by') },
        { title: t('months.signed-by') },
        { title: t('filings.next') },
      ]}
      rows={audits
        .toReversed()
        .map((audit) => [
          audit.month,
          <StateTag state={audit.isOverdue ? 'overdue' : audit.state} />,
          audit.ranBy || '–',
          audit.signedBy || '–',
          next(audit),
        ])}
    />
  );
}
