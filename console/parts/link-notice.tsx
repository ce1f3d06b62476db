import { defineComponent, ref } from 'vue';
import { t } from '../words/language.ts';

/** A link that lets somebody in, once: it is handed over another way, and shown here until the page is left. */
export const LinkNotice = defineComponent(
  (props: { readonly link: string }) => {
    const isCopied = ref(false);
    const copy = async (): Promise<void> => {
      await navigator.clipboard?.writeText(props.link);
      isCopied.value = true;
    };
    return () => (
      <div class="told" role="status">
        <p>{t('accounts.link')}</p>
        <p class="path" id="link">
          {props.link}
        </p>
        <button type="button" class="link" onClick={() => void copy()}>
          {t(isCopied.value ? 'accounts.copied' : 'accounts.copy')}
        </button>
      </div>
    );
  },
  { props: ['link'] },
);
