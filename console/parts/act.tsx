import { ElButton } from 'element-plus/es/components/button/index.mjs';
import { defineComponent, ref } from 'vue';
import 'element-plus/theme-chalk/el-button.css';

interface ActProps {
  readonly text: string;
  readonly tone?: 'primary' | 'danger' | 'default';
  readonly disabled?: boolean;
  readonly act: () => Promise<unknown>;
}

/** A button that shows that it works and cannot be pressed twice meanwhile. */
export const Act = defineComponent(
  (props: ActProps) => {
    const isUnderWay = ref(false);
    const press = async (): Promise<void> => {
      isUnderWay.value = true;
      try {
        await props.act();
      } finally {
        isUnderWay.value = false;
      }
    };
    return () => (
      <ElButton
        type={props.tone ?? 'default'}
        disabled={props.disabled === true}
        loading={isUnderWay.value}
        onClick={press}
      >
        {{ default: () => props.text }}
      </ElButton>
    );
  },
  { props: ['text', 'tone', 'disabled', 'act'] },
);
