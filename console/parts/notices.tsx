import { ElAlert } from 'element-plus/es/components/alert/index.mjs';
import type { FunctionalComponent } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { say, t } from '../words/language.ts';
import { Prose, proseOf } from './prose.tsx';
import 'element-plus/theme-chalk/el-alert.css';

/** What went wrong and what to do about it, in the language of the page. An alert looks into what it is given, and knows elements only. */
export const FaultNotice: FunctionalComponent<{ readonly fault: Fault | undefined }> = ({ fault }) =>
  fault === undefined ? null : (
    <div role="alert" class="notice">
      <ElAlert type="error" closable={false} title={say(fault.problem).replaceAll('`', '')}>
        <span>{proseOf(`${t('notice.remedy')} ${say(fault.remedy)} (${fault.code})`)}</span>
      </ElAlert>
    </div>
  );
FaultNotice.props = ['fault'];

/** Something that takes its time is under way. */
export const Working: FunctionalComponent<{ readonly text: string }> = ({ text }) => (
  <p class="working" role="status">
    <progress aria-label={text} />
    {text}
  </p>
);
Working.props = ['text'];

/** Nothing is here yet; says how that changes. */
export const Empty: FunctionalComponent<{ readonly text: string }> = ({ text }, { slots }) => (
  <div class="empty">
    <p>
      <Prose text={text} />
    </p>
    {slots['default']?.()}
  </div>
);
Empty.props = ['text'];
