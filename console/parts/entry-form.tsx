import { defineComponent, nextTick, ref, shallowRef, watch } from 'vue';
import type { Fault } from '../../proto/words/fault.ts';
import { ask } from '../api/client.ts';
import { follow } from '../api/follow.ts';
import { learnNames } from '../api/references.ts';
import type { RegisterEntry, RegisterForm } from '../api/registers.ts';
import { bodyOf, type Draft, type DraftGroup, draftOf, emptyDraft, objectionsOf } from '../models/entry-form.ts';
import { referencesIn } from '../models/references.ts';
import { fieldText } from '../words/fields.ts';
import { say, t } from '../words/language.ts';
import { Act } from './act.tsx';
import { fieldId, fieldsOf } from './form-field.tsx';
import { FaultNotice } from './notices.tsx';
import { Panel } from './panel.tsx';

interface EntryFormProps {
  readonly kind: string;
  /** The entry to be changed; absent for a new one. */
  readonly of?: RegisterEntry | undefined;
  /** What a new one begins with. */
  readonly begun?: Readonly<Record<string, unknown>> | undefined;
  readonly saved: (entry: RegisterEntry) => Promise<unknown>;
  readonly left: () => void;
}

/** A new entry, or a change of one, by the form of its register. What needs two persons waits for the second. */
export const EntryForm = defineComponent(
  (props: EntryFormProps) => {
    const form = follow<RegisterForm>(() => `/register-forms/${props.kind}`);
    const draft = shallowRef<Draft>();
    const faults = shallowRef<readonly Fault[]>([]);
    const isTried = ref(false);
    watch(form.value, (shown) => {
      if (shown !== undefined) void learnNames(referencesIn(shown.schema));
    });
    const draftNow = ({ schema }: RegisterForm): DraftGroup =>
      (draft.value ?? openedDraft(schema, props)) as DraftGroup;
    const send = async (): Promise<void> => {
      const shown = form.value.value;
      if (shown === undefined) return;
      isTried.value = true;
      const now = draftNow(shown);
      const [wrong] = objectionsOf(shown.schema, now).keys();
      if (wrong !== undefined) return focusOn(wrong);
      const body = bodyOf(shown.schema, now);
      const method = props.of === undefined ? 'POST' : 'PUT';
      const answer = await ask<{ readonly entry: RegisterEntry }>(method, `/registers/${props.kind}`, { body });
      faults.value = answer.ok ? [] : faultsOf(answer.fault);
      if (answer.ok) await props.saved(answer.value.entry);
    };
    return () => (
      <Panel title={titleOf(form.value.value, props)}>
        <FaultNotice fault={form.fault.value} />
        {form.value.value === undefined ? null : (
          <form
            novalidate
            onSubmit={(event: Event) => {
              event.preventDefault();
              void send();
            }}
          >
            {twoPersons(form.value.value)}
            {fieldsOf({
              ...{ path: '', schema: form.value.value.schema, draft: draftNow(form.value.value) },
              wrong: isTried.value ? objectionsOf(form.value.value.schema, draftNow(form.value.value)) : new Map(),
              fixed: props.of === undefined ? [] : ['/id'],
              change: (next) => {
                draft.value = next;
              },
            })}
            {faults.value.map((fault) => (
              <FaultNotice fault={fault} />
            ))}
            <div class="toolbar">
              <Act text={t(props.of === undefined ? 'form.enter' : 'form.change')} tone="primary" act={send} />
              <button type="button" class="plain" onClick={props.left}>
                {t('form.leave')}
              </button>
            </div>
          </form>
        )}
      </Panel>
    );
  },
  { props: ['kind', 'of', 'begun', 'saved', 'left'] },
);

/** What is begun with stands in an empty form, so that what it lacks is there to be filled in. */
function openedDraft(schema: RegisterForm['schema'], { of, begun }: EntryFormProps): Draft {
  const value = of?.body ?? begun;
  return value === undefined ? emptyDraft(schema) : draftOf(schema, value);
}

function titleOf(form: RegisterForm | undefined, { of }: EntryFormProps): string {
  if (form === undefined) return '';
  return of === undefined ? `${t('form.new')}: ${say(form.title)}` : `${t('form.of')} ${of.id}`;
}

const twoPersons = ({ confirmedByTwo }: RegisterForm) =>
  confirmedByTwo.length === 0 ? null : (
    <p class="quiet">{`${t('form.two-persons')} ${confirmedByTwo.map(fieldText).join(', ')}`}</p>
  );

const faultsOf = (fault: Fault): readonly Fault[] =>
  (fault as Fault & { readonly faults?: readonly Fault[] }).faults ?? [fault];

async function focusOn(path: string): Promise<void> {
  await nextTick();
  document.getElementById(fieldId(path))?.focus();
}
