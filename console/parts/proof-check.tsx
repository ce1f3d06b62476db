import { defineComponent, ref, shallowRef } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import type { InclusionProof } from '../api/log-entries.ts';
import { type Finding, verifyInclusion } from '../models/verify-inclusion.ts';
import { named, t } from '../words/language.ts';
import { FaultNotice } from './notices.tsx';

/** Asks for the proof of an entry and recomputes it here, in the browser. */
export const ProofCheck = defineComponent(
  (props: { readonly log: string; readonly index: number }) => {
    const found = ref<Finding>();
    const size = ref(0);
    const fault = shallowRef<Fault>();
    const check = async (): Promise<void> => {
      const answer = await ask<InclusionProof>('GET', `/logs/${props.log}/entries/${props.index}/proof`);
      fault.value = answer.ok ? undefined : answer.fault;
      if (!answer.ok) return;
      size.value = answer.value.size;
      found.value = await verifyInclusion(props.log, answer.value);
    };
    return () => (
      <div class="proof" aria-live="polite">
        <button
          type="button"
          class="link"
          aria-label={`${t('proof.check')} ${props.log} #${props.index}`}
          onClick={() => void check()}
        >
          {t('proof.check')}
        </button>
        {found.value === undefined ? null : (
          <span class={found.value === 'in-the-log' ? 'tag tag-good' : 'tag tag-bad'}>
            {`${named('proof', found.value)} (${props.index} / ${size.value})`}
          </span>
        )}
        <FaultNotice fault={fault.value} />
      </div>
    );
  },
  { props: ['log', 'index'] },
);
