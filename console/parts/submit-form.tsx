import { ElButton } from 'element-plus/es/components/button/index.mjs';
import { defineComponent, ref } from 'vue';
import 'element-plus/theme-chalk/el-button.css';

interface SubmitFormProps {
  readonly title: string;
  readonly text: string;
  readonly submit: () => Promise<unknown>;
}

/** A form of its own page with one thing to do. It is sent once, however often the key is pressed. */
export const SubmitForm = defineComponent(
  (props: SubmitFormProps, { slots }) => {
    const isUnderWay = ref(false);
    const send = async (event: Event): Promise<void> => {
      event.preventDefault();
      if (isUnderWay.value) return;
      isUnderWay.value = true;
      try {
        await props.submit();
      } finally {
        isUnderWay.value = false;
      }
    };
    return () => (
      <form class="card" onSubmit={send}>
        <h1>{props.title}</h1>
        {slots['default']?.()}
        <ElButton type="primary" nativeType="submit" loading={isUnderWay.value}>
          {{ default: () => props.text }}
        </ElButton>
      </form>
    );
  },
  { props: ['title', 'text', 'submit'] },
);
