import { defineComponent, ref, shallowRef } from 'vue';
import { RouterLink, useRoute, useRouter } from 'vue-router';
import { follow } from '../api/follow.ts';
import type { RegisterEntry, RegisterForm } from '../api/registers.ts';
import { mayKeep, PRINCIPALS } from '../models/register-roles.ts';
import { Crumbs } from '../parts/crumbs.tsx';
import { EntryForm } from '../parts/entry-form.tsx';
import { EntryPanel } from '../parts/entry-panel.tsx';
import { ImportPanel } from '../parts/import-panel.tsx';
import { hasRole } from '../session.ts';
import { say, t } from '../words/language.ts';
import { RegisterList } from './register-list.tsx';

interface RegisterProps {
  readonly kind: string;
  /** Of the entry that is open; absent for the list. */
  readonly id?: string;
}

/** One register: its entries, one of them, or the form of a new one. */
export const Register = defineComponent(
  (props: RegisterProps) => {
    const router = useRouter();
    const form = follow<RegisterForm>(() => `/register-forms/${props.kind}`);
    const changing = shallowRef<RegisterEntry>();
    const isNew = useRoute().query['new'] !== undefined;
    const list = `/registers/${props.kind}`;
    const title = (): string => (form.value.value === undefined ? props.kind : say(form.value.value.title));
    const saved = async ({ id }: RegisterEntry): Promise<void> => {
      changing.value = undefined;
      if (props.id === undefined) await router.push(`${list}/${encodeURIComponent(id)}`);
    };
    const change = (entry: RegisterEntry): void => {
      changing.value = entry;
    };
    // The list is asked anew for what an import brought.
    const listed = ref(0);
    const taken = async (): Promise<void> => {
      listed.value += 1;
    };
    const leave = (): void => {
      changing.value = undefined;
    };
    const content = () => {
      if (isNew) return <EntryForm kind={props.kind} saved={saved} left={() => void router.push(list)} />;
      if (changing.value !== undefined) {
        return <EntryForm kind={props.kind} of={changing.value} saved={saved} left={leave} />;
      }
      if (props.id !== undefined) return <EntryPanel kind={props.kind} id={props.id} change={change} />;
      const mayWrite = hasRole(mayKeep(props.kind));
      return (
        <div class="stack">
          <RegisterList key={listed.value} kind={props.kind} title={t('registers.list')}>
            {{ acts: () => (mayWrite ? newLink(`${list}?new`) : null) }}
          </RegisterList>
          {mayWrite ? <ImportPanel kind={props.kind} taken={taken} /> : null}
        </div>
      );
    };
    return () => (
      <div class="stack">
        <Crumbs
          above={[above(props.kind), ...(props.id === undefined && !isNew ? [] : [{ to: list, text: title() }])]}
          here={props.id ?? (isNew ? t('form.new') : title())}
        />
        {props.id === undefined ? <h1>{title()}</h1> : null}
        {content()}
      </div>
    );
  },
  { props: ['kind', 'id'] },
);

const above = (kind: string) =>
  kind === PRINCIPALS ? { to: '/accounts', text: t('page.accounts') } : { to: '/registers', text: t('page.registers') };

export const newLink = (to: string) => (
  <RouterLink class="button" to={to}>
    {{ default: () => t('form.new') }}
  </RouterLink>
);
