import { computed, defineComponent } from 'vue';
import type { Capture, ShownTransfer } from '../api/answers.ts';
import { follow } from '../api/follow.ts';
import type { TransferSteps } from '../api/log-entries.ts';
import { titleOf } from '../api/titles.ts';
import { permitOf, stepsOf, verdictOf } from '../models/transfer-steps.ts';
import { ApprovalPanel } from '../parts/approval-panel.tsx';
import { CaptureTable } from '../parts/capture-table.tsx';
import { Crumbs } from '../parts/crumbs.tsx';
import { Facts } from '../parts/facts.tsx';
import { Moment } from '../parts/moment.tsx';
import { nameOf } from '../parts/named.tsx';
import { Empty, FaultNotice } from '../parts/notices.tsx';
import { Panel } from '../parts/panel.tsx';
import { PermitPanel } from '../parts/permit-panel.tsx';
import { StateTag } from '../parts/state-tag.tsx';
import { StepList } from '../parts/step-list.tsx';
import { VerdictPanel } from '../parts/verdict-panel.tsx';
import { countText } from '../words/format.ts';
import { t } from '../words/language.ts';

const LOOK_MS = 5_000;

/** One transfer: where it stands, why, every step on record with its proof, the permit, and what was captured. */
export const TransferPage = defineComponent(
  (props: { readonly id: string }) => {
    const path = `/transfers/${encodeURIComponent(props.id)}`;
    const shown = follow<ShownTransfer>(() => path, LOOK_MS);
    const logged = follow<TransferSteps>(() => `${path}/steps`, LOOK_MS);
    const captured = follow<{ readonly connections: readonly Capture[] }>(() => `${path}/captures`);
    const steps = computed(() => (logged.value.value === undefined ? [] : stepsOf(logged.value.value)));
    const verdict = computed(() => verdictOf(steps.value));
    const permit = computed(() => permitOf(steps.value));
    const reload = async (): Promise<void> => void (await Promise.all([shown.reload(), logged.reload()]));
    return () => (
      <div class="stack">
        <Crumbs above={[{ to: '/transfers', text: t('page.transfers') }]} here={props.id} />
        <FaultNotice fault={shown.fault.value ?? logged.fault.value} />
        {head(shown.value.value)}
        {shown.value.value === undefined ? null : <ApprovalPanel shown={shown.value.value} acted={reload} />}
        <div class="columns">
          {verdict.value === undefined ? (
            <Panel title={t('verdict.title')}>
              <Empty text={t('transfer.undecided')} />
            </Panel>
          ) : (
            <VerdictPanel verdict={verdict.value} />
          )}
          <Panel title={t('transfer.steps')} note={t('transfer.steps-note')}>
            <StepList steps={steps.value} isOfOne={true} />
          </Panel>
        </div>
        <PermitPanel entry={permit.value} verdict={verdict.value} />
        <Panel title={t('transfer.captures')}>{captures(captured.value.value?.connections)}</Panel>
      </div>
    );
  },
  { props: ['id'] },
);

/** Who may not read captures sees none, and is told by the same words. */
const captures = (connections: readonly Capture[] = []) =>
  connections.length === 0 ? <Empty text={t('captures.empty')} /> : <CaptureTable captures={connections} />;

function head(shown: ShownTransfer | undefined) {
  if (shown === undefined) return <h1>{t('page.transfers')}</h1>;
  const { transferId, state, datasetId, recipientId, purpose, persons, requestedAt } = shown.transfer;
  return (
    <div>
      <h1>
        {titleOf('dataset', datasetId)} <StateTag state={state} />
      </h1>
      <Facts
        facts={[
          [t('transfers.id'), <span class="path">{transferId}</span>],
          [t('transfers.dataset'), nameOf('dataset', datasetId)],
          [t('transfers.recipient'), nameOf('recipient', recipientId)],
          [t('transfers.purpose'), nameOf('purpose', purpose)],
          [t('transfers.persons'), `${countText(persons)} ${t('unit.persons')}`],
          [t('transfers.requested'), <Moment at={requestedAt} />],
        ]}
      />
    </div>
  );
}
