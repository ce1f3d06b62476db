import { defineComponent, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import type { ShownEntry } from '../api/registers.ts';
import { hasRole } from '../session.ts';
import { bytesText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Act } from './act.tsx';
import { Empty, FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { StateTag } from './state-tag.tsx';
import { Table } from './table.tsx';

interface EntryPanelProps {
  readonly kind: string;
  readonly id: string;
  readonly acted: () => Promise<void>;
}

/** One entry of a register with its documents, and the change that waits for a second person. */
export const EntryPanel = defineComponent(
  (props: EntryPanelProps) => {
    const path = `/registers/${props.kind}/${encodeURIComponent(props.id)}`;
    const { value, fault, reload } = follow<ShownEntry>(() => path);
    const refusal = shallowRef<Fault>();
    const confirm = async (): Promise<void> => {
      const answer = await ask('POST', `${path}/confirmation`, {});
      refusal.value = answer.ok ? undefined : answer.fault;
      await Promise.all([reload(), props.acted()]);
    };
    return () => (
      <Panel title={`${t('registers.entry')} ${props.id}`}>
        <FaultNotice fault={refusal.value ?? fault.value} />
        {pendingOf(value.value, confirm)}
        {value.value === undefined ? null : (
          <pre class="document">{JSON.stringify(value.value.entry.body, null, 2)}</pre>
        )}
        <h3>{t('registers.documents')}</h3>
        {value.value?.documents.length === 0 ? (
          <Empty text={t('registers.no-documents')} />
        ) : (
          documentTable(path, value.value?.documents ?? [])
        )}
      </Panel>
    );
  },
  { props: ['kind', 'id', 'acted'] },
);

function pendingOf(shown: ShownEntry | undefined, confirm: () => Promise<void>) {
  const pending = shown?.entry.pending;
  if (pending === undefined) return null;
  return (
    <div class="toolbar">
      <p>{`${t('registers.pending')} ${pending.keys.join(', ')} (${pending.by})`}</p>
      {hasRole(['custodian', 'approver']) ? <Act text={t('registers.confirm')} tone="primary" act={confirm} /> : null}
    </div>
  );
}

const documentTable = (path: string, documents: ShownEntry['documents']) => (
  <Table
    label={t('registers.documents')}
    columns={[
      { title: t('registers.document') },
      { title: t('transfers.state') },
      { title: t('registers.size'), isFigure: true },
      { title: 'SHA-256' },
    ]}
    rows={documents.map(({ name, sha256, bytes, state }) => [
      <a href={`/api/v1${path}/documents/${sha256}`} download={name}>
        {name}
      </a>,
      <StateTag state={state} />,
      bytesText(bytes),
      <span class="path">{sha256}</span>,
    ])}
  />
);
