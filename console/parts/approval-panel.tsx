import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import type { ShownTransfer } from '../api/answers.ts';
import { ask } from '../api/client.ts';
import { hasRole } from '../session.ts';
import { bytesText, countText, momentText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { Act } from './act.tsx';
import { Facts } from './facts.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';
import { TextInput } from './text-input.tsx';

/** Approvals of a transfer, and for approvers the two things to do while it waits. A rejection says why. */
export const ApprovalPanel = defineComponent(
  (props: { readonly shown: ShownTransfer; readonly acted: () => Promise<void> }) => {
    const reason = ref('');
    const fault = shallowRef<Fault>();
    const act = async (what: 'approvals' | 'rejections', body: object): Promise<void> => {
      const answer = await ask(
        'POST',
        `/transfers/${encodeURIComponent(props.shown.transfer.transferId)}/${what}`,
        body,
      );
      fault.value = answer.ok ? undefined : answer.fault;
      await props.acted();
    };
    return () => {
      const { approvals, waiting } = props.shown;
      if (waiting === undefined && approvals.length === 0) return null;
      return (
        <Panel title={t('approvals.title')}>
          <FaultNotice fault={fault.value} />
          <Facts
            facts={[
              ...approvals.map(({ account, person, at }) => [`${account} (${person})`, momentText(at)] as const),
              ...(waiting === undefined
                ? []
                : ([
                    [t('approvals.wanted'), `${approvals.length} / ${waiting.approvalsMin}`],
                    [t('approvals.until'), momentText(waiting.until)],
                    [t('approvals.asked-by'), waiting.requestedBy],
                    [
                      t('approvals.parcel'),
                      `${countText(waiting.rows)} ${t('approvals.rows')}, ${bytesText(waiting.bytes)}`,
                    ],
                  ] as const)),
            ]}
          />
          {waiting !== undefined && hasRole(['approver']) ? (
            <div class="toolbar">
              <Act
                text={t('approvals.approve')}
                tone="primary"
                act={() => act('approvals', { manifestSha256: waiting.manifestSha256 })}
              />
              <TextInput id="reason" label={t('approvals.reason')} of={reason} />
              <Act
                text={t('approvals.reject')}
                tone="danger"
                disabled={reason.value.trim() === ''}
                act={() => act('rejections', { reason: reason.value.trim() })}
              />
            </div>
          ) : null}
        </Panel>
      );
    };
  },
  { props: ['shown', 'acted'] },
);
