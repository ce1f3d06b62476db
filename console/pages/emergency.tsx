import { computed, defineComponent, ref, shallowRef } from 'vue';
import type { Bilingual, Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { Act } from '../parts/act.tsx';
import { Facts } from '../parts/facts.tsx';
import { FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { TextInput } from '../parts/text-input.tsx';
import { hasRole } from '../session.ts';
import { momentText } from '../words/format.ts';
import { labelled, say, t } from '../words/language.ts';

interface Standing {
  readonly stopped: boolean;
  readonly done?: Readonly<Record<string, boolean>>;
  readonly revoked?: readonly string[];
  readonly resume?: {
    readonly approvalsMin: number;
    readonly approvals: readonly { readonly account: string; readonly until: string }[];
  };
  readonly report?: Bilingual;
}

const LOOK_MS = 5_000;

/** The one switch that stops every export. It wants a reason and the word typed out; it takes two persons to lift it. */
export const Emergency = defineComponent(() => {
  const { value, fault, reload } = follow<Standing>(() => '/emergency', LOOK_MS);
  const [reason, word] = [ref(''), ref('')];
  const refusal = shallowRef<Fault>();
  const act = async (path: string, body: object): Promise<void> => {
    const answer = await ask('POST', path, body);
    refusal.value = answer.ok ? undefined : answer.fault;
    [reason.value, word.value] = ['', ''];
    await reload();
  };
  const isMeant = computed(() => word.value.trim() === t('emergency.word') && reason.value.trim() !== '');
  const stop = () => (
    <Panel title={t('emergency.stop')}>
      <p>{t('emergency.what')}</p>
      <div class="form-row">
        <TextInput id="reason" label={t('emergency.reason')} of={reason} hint={t('emergency.reason-hint')} />
        <TextInput id="word" label={labelled('emergency.type', t('emergency.word'))} of={word} />
      </div>
      <div class="toolbar">
        <Act
          text={t('emergency.act')}
          tone="danger"
          disabled={!isMeant.value}
          act={() => act('/emergency/stop', { reason: reason.value.trim() })}
        />
      </div>
    </Panel>
  );
  return () => (
    <div class="stack">
      <FaultNotice fault={refusal.value ?? fault.value} />
      {value.value === undefined ? null : value.value.stopped ? (
        stopped(value.value, () => act('/emergency/resume', {}))
      ) : mayStop() ? (
        stop()
      ) : (
        <p>{t('emergency.flows')}</p>
      )}
    </div>
  );
});

const mayStop = (): boolean =>
  hasRole(['fleet', 'custodian', 'requester', 'approver', 'security-officer', 'administrator']);

function stopped({ done = {}, revoked = [], resume, report }: Standing, lift: () => Promise<void>) {
  return (
    <div class="stack">
      <Panel title={t('emergency.stopped')}>
        <Facts
          facts={[
            [t('emergency.logged'), mark(done['logged'])],
            [t('emergency.marked'), mark(done['marked'])],
            [t('emergency.alerted'), mark(done['alerted'])],
            [t('emergency.incident'), mark(done['incident'])],
            [t('emergency.revoked'), revoked.join(', ') || t('emergency.none')],
            [t('emergency.resumes'), `${resume?.approvals.length ?? 0} / ${resume?.approvalsMin ?? 2}`],
            ...(resume?.approvals ?? []).map(
              ({ account, until }) => [account, `${t('approvals.until')} ${momentText(until)}`] as const,
            ),
          ]}
        />
        {hasRole(['approver']) ? (
          <div class="toolbar">
            <Act text={t('emergency.resume')} act={lift} />
            <p class="quiet">{t('emergency.resume-note')}</p>
          </div>
        ) : null}
      </Panel>
      {report === undefined ? null : (
        <Panel title={t('emergency.report')}>
          <pre class="document">{say(report)}</pre>
        </Panel>
      )}
    </div>
  );
}

const mark = (isDone: boolean | undefined) => (isDone === true ? <StateTag state="done" /> : <StateTag state="open" />);
