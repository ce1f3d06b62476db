import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import type { AgendaItem } from '../api/answers.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import type { RegisterEntry, ShownEntry } from '../api/registers.ts';
import { duesOf } from '../models/due-clock.ts';
import { titleIn } from '../models/entry-title.ts';
import { mayConfirm, mayKeep } from '../models/register-roles.ts';
import { hasRole } from '../session.ts';
import { fieldText } from '../words/fields.ts';
import { labelled, say, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { BodyFacts } from './body-facts.tsx';
import { DocumentPanel } from './document-panel.tsx';
import { DueList } from './due-list.tsx';
import { HistoryPanel } from './history-panel.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { StateTag } from './state-tag.tsx';
import { TextInput } from './text-input.tsx';

interface EntryPanelProps {
  readonly kind: string;
  readonly id: string;
  readonly change: (entry: RegisterEntry) => void;
}

/** One entry of a register: what it says, what is due of it, its documents, its history, and the change that waits. */
export const EntryPanel = defineComponent(
  (props: EntryPanelProps) => {
    const path = `/registers/${props.kind}/${encodeURIComponent(props.id)}`;
    const { value, fault, reload } = follow<ShownEntry>(() => path);
    const agenda = hasRole(['viewer', 'custodian', 'requester', 'approver', 'security-officer', 'auditor', 'fleet'])
      ? follow<{ readonly agenda: readonly AgendaItem[] }>(() => '/agenda')
      : undefined;
    const refusal = shallowRef<Fault>();
    const reason = ref('');
    const act = async (method: 'POST' | 'DELETE', of: string, body: object): Promise<void> => {
      const answer = await ask(method, `${path}${of}`, body);
      refusal.value = answer.ok ? undefined : answer.fault;
      reason.value = '';
      await Promise.all([reload(), agenda?.reload()]);
    };
    const withdrawal = () => (
      <details>
        <summary>{t('registers.withdraw')}</summary>
        <div class="toolbar">
          <TextInput id="withdrawal" label={t('emergency.reason')} of={reason} />
          <Act
            text={t('registers.withdraw')}
            tone="danger"
            disabled={reason.value.trim() === ''}
            act={() => act('DELETE', '', { reason: reason.value.trim() })}
          />
        </div>
      </details>
    );
    const whole = ({ entry, documents }: ShownEntry) => {
      const isKept = hasRole(mayKeep(props.kind)) && !entry.isWithdrawn;
      const dues = duesOf(agenda?.value.value?.agenda ?? [], props.kind, props.id);
      return (
        <div class="stack">
          <Panel title={t('registers.entry')} note={`${t('registers.version')} ${entry.version}`}>
            {pendingOf(entry, () => act('POST', '/confirmation', { version: entry.version }))}
            <BodyFacts body={entry.body} />
            {isKept ? (
              <div class="toolbar">
                <Act text={t('form.change')} tone="primary" act={async () => props.change(entry)} />
              </div>
            ) : null}
            {isKept ? withdrawal() : null}
          </Panel>
          {dues.length === 0 ? null : (
            <Panel title={t('overview.agenda')}>
              <DueList items={dues} />
            </Panel>
          )}
          <Panel title={t('registers.papers')}>
            <DocumentPanel path={path} documents={documents} mayAttach={isKept} acted={reload} />
            <HistoryPanel key={entry.version} path={path} />
          </Panel>
        </div>
      );
    };
    return () => (
      <div class="stack">
        <h1>
          {headingOf(props.id, value.value?.entry)}{' '}
          {value.value === undefined ? null : <StateTag state={stateOf(value.value.entry)} />}
        </h1>
        <FaultNotice fault={refusal.value ?? fault.value} />
        {value.value === undefined ? null : whole(value.value)}
      </div>
    );
  },
  { props: ['kind', 'id', 'change'] },
);

/** What people call it, and small the id by which commands and logs know it. */
function headingOf(id: string, entry: RegisterEntry | undefined) {
  const title = entry === undefined ? undefined : titleIn(entry);
  return title === undefined ? (
    id
  ) : (
    <span>
      {say(title)} <small class="path quiet">{id}</small>
    </span>
  );
}

export const stateOf = ({ isWithdrawn, pending }: RegisterEntry): string =>
  isWithdrawn ? 'withdrawn' : pending === undefined ? 'standing' : 'awaiting-confirmation';

function pendingOf({ kind, pending }: RegisterEntry, confirm: () => Promise<void>) {
  if (pending === undefined) return null;
  return (
    <div class="toolbar pending" role="status">
      <p>{labelled('registers.pending', `${pending.keys.map(fieldText).join(', ')} (${pending.by})`)}</p>
      {hasRole(mayConfirm(kind)) ? <Act text={t('registers.confirm')} tone="primary" act={confirm} /> : null}
    </div>
  );
}
