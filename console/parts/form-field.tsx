import type { FunctionalComponent, VNode } from 'vue';
import {
  type Control,
  controlOf,
  type Draft,
  type DraftGroup,
  emptyDraft,
  type FormSchema,
  type Objection,
  variantName,
  variantsOf,
} from '../models/entry-form.ts';
import { referenceOf } from '../models/references.ts';
import { fieldHint, fieldText, valueText } from '../words/fields.ts';
import { labelled, named, spoken, t } from '../words/language.ts';
import { Field } from './field.tsx';
import { AddName, namesListOf } from './name-choice.tsx';
import { TimeInput } from './time-input.tsx';

interface FormFieldProps {
  /** Key of the entry that it is for. */
  readonly name: string;
  readonly path: string;
  readonly schema: FormSchema;
  readonly draft: Draft;
  readonly isRequired: boolean;
  readonly wrong: ReadonlyMap<string, Objection>;
  /** Paths that cannot be changed any more. */
  readonly fixed: readonly string[];
  readonly change: (next: Draft) => void;
}

/** One field of a form by its schema: a control, a group of fields, or a list of them. */
export const FormField: FunctionalComponent<FormFieldProps> = (props) => {
  const control = controlOf(props.schema);
  if (control === 'fixed' && props.isRequired) return null;
  if (control === 'group') return groupField(props);
  if (control === 'either') return eitherField(props);
  if (control === 'rows') return rowsField(props);
  return control === 'marks' ? marksField(props) : plainField(props, control);
};
FormField.props = ['name', 'path', 'schema', 'draft', 'isRequired', 'wrong', 'fixed', 'change'];

/** Ids of controls: a path without what no selector likes. */
export const fieldId = (path: string): string => `field${path.replace(/[^A-Za-z0-9]+/g, '-')}`;

const labelOf = ({ name, isRequired }: FormFieldProps): string =>
  isRequired
    ? fieldText(name)
    : spoken() === 'zh'
      ? `${fieldText(name)}（${t('form.optional')}）`
      : `${fieldText(name)} (${t('form.optional')})`;

function plainField(props: FormFieldProps, control: Control): VNode {
  const { name, path, draft, schema, isRequired, wrong, fixed, change } = props;
  const id = fieldId(path);
  const objection = wrong.get(path);
  const hint = hintOf(name, control);
  const shared = {
    ...{ id, class: 'input', required: isRequired, disabled: fixed.includes(path) },
    'aria-invalid': objection === undefined ? undefined : true,
    'aria-describedby': [hint && `${id}-hint`, objection && `${id}-wrong`].filter(Boolean).join(' ') || undefined,
    onInput: (event: Event) => change((event.target as HTMLInputElement).value),
  } as const;
  const value = typeof draft === 'string' ? draft : '';
  const reference = referenceOf(name, schema);
  return (
    <Field id={id} label={labelOf(props)} hint={hint}>
      {control === 'choice' ? (
        <select {...shared}>
          <option value="">{t(isRequired ? 'request.choose' : 'form.not-stated')}</option>
          {(schema.enum ?? []).map((one) => (
            <option value={one} selected={one === value}>
              {valueText(one)}
            </option>
          ))}
        </select>
      ) : control === 'words' ? (
        <textarea {...shared} rows={3} value={value} spellcheck={false} />
      ) : control === 'day' || control === 'moment' ? (
        <TimeInput
          {...{ id, kind: control, value, required: isRequired, disabled: shared.disabled }}
          isWrong={objection !== undefined}
          describedBy={shared['aria-describedby']}
          change={(text: string) => change(text)}
        />
      ) : (
        <input
          {...shared}
          {...INPUTS[control]}
          list={namesListOf(id, reference)}
          value={value}
          autocomplete="off"
          spellcheck={false}
        />
      )}
      {reference === undefined || shared.disabled ? null : (
        <AddName {...{ id, kind: reference, isList: control === 'words', value, change }} />
      )}
      {wrongNote(id, objection)}
    </Field>
  );
}

const hintOf = (name: string, control: Control): string | undefined =>
  control === 'words' ? [fieldHint(name), t('form.one-a-line')].filter(Boolean).join(' ') : fieldHint(name);

const wrongNote = (id: string, objection: Objection | undefined): VNode | null =>
  objection === undefined ? null : (
    <p class="wrong" id={`${id}-wrong`}>
      {named('objection', objection)}
    </p>
  );

const INPUTS: Readonly<Partial<Record<Control, object>>> = {
  number: { inputmode: 'decimal' },
};

/** A group that need not be there is stated by a mark of its own. */
function groupField(props: FormFieldProps): VNode {
  const { path, schema, draft, isRequired, change } = props;
  const isStated = typeof draft === 'object' && !Array.isArray(draft);
  return (
    <fieldset class="group">
      <legend>{isRequired ? fieldText(props.name) : stated(props, isStated, () => emptyDraft(schema))}</legend>
      {isStated ? fieldsOf({ ...props, path, draft: draft as DraftGroup, change }) : null}
    </fieldset>
  );
}

function stated({ name, path, change }: FormFieldProps, isStated: boolean, begin: () => Draft): VNode {
  return (
    <label class="mark-line">
      <input
        type="checkbox"
        id={fieldId(path)}
        checked={isStated}
        onChange={() => change(isStated ? undefined : begin())}
      />
      {fieldText(name)}
    </label>
  );
}

interface GroupProps extends Pick<FormFieldProps, 'path' | 'schema' | 'wrong' | 'fixed' | 'change'> {
  readonly draft: DraftGroup;
}

/** Fields of a group, in the order of its schema. */
export function fieldsOf({ path, schema, draft, wrong, fixed, change }: GroupProps): VNode {
  return (
    <div class="form-row">
      {Object.entries(schema.properties ?? {}).map(([key, one]) => (
        <FormField
          key={key}
          name={key}
          path={`${path}/${key}`}
          schema={one}
          draft={draft[key]}
          isRequired={schema.required?.includes(key) === true}
          wrong={wrong}
          fixed={fixed}
          change={(next: Draft) => change({ ...draft, [key]: next })}
        />
      ))}
    </div>
  );
}

function eitherField(props: FormFieldProps): VNode {
  const { name, path, schema, draft, isRequired, change } = props;
  const variants = variantsOf(schema);
  const either = (draft ?? { variant: '', of: undefined }) as DraftGroup;
  const chosen = variants[Number(either['variant'])];
  const turnTo = (variant: string): void =>
    change(variant === '' ? undefined : { variant, of: emptyDraft(variants[Number(variant)] ?? {}) });
  return (
    <fieldset class="group">
      <legend>{fieldText(name)}</legend>
      <div class="either">
        <select
          class="input"
          id={fieldId(path)}
          aria-label={fieldText(name)}
          onChange={(event: Event) => turnTo((event.target as HTMLSelectElement).value)}
        >
          {isRequired ? null : <option value="">{t('form.not-stated')}</option>}
          {variants.map((one, at) => (
            <option value={String(at)} selected={String(at) === either['variant']}>
              {one.type === 'integer' ? t('form.figure') : valueText(variantName(one))}
            </option>
          ))}
        </select>
        {draft === undefined || chosen === undefined || chosen.const !== undefined ? null : (
          <FormField
            {...props}
            path={`${path}/of`}
            schema={chosen}
            draft={either['of']}
            isRequired={true}
            change={(next: Draft) => change({ ...either, of: next })}
          />
        )}
      </div>
    </fieldset>
  );
}

function rowsField(props: FormFieldProps): VNode {
  const { name, path, schema, draft, wrong, fixed, change } = props;
  const rows = (draft ?? []) as readonly DraftGroup[];
  const { items = {} } = schema;
  return (
    <fieldset class="group">
      <legend>{labelOf(props)}</legend>
      {rows.map((row, at) => (
        <fieldset class="group" key={at}>
          <legend>{`${fieldText(name)} ${at + 1}`}</legend>
          {fieldsOf({
            ...{ path: `${path}/${at}`, schema: items, draft: row, wrong, fixed },
            change: (next) => change(rows.map((one, index) => (index === at ? (next as DraftGroup) : one))),
          })}
          <button type="button" class="link" onClick={() => change(rows.filter((_row, index) => index !== at))}>
            {t('form.remove')}
          </button>
        </fieldset>
      ))}
      {wrong.has(path) ? <p class="wrong">{named('objection', wrong.get(path) ?? '')}</p> : null}
      <button type="button" class="link" id={fieldId(path)} onClick={() => change([...rows, emptyDraft(items)])}>
        {labelled('form.add-row', fieldText(name))}
      </button>
    </fieldset>
  );
}

function marksField(props: FormFieldProps): VNode {
  const { path, schema, draft, wrong, change } = props;
  const marked = (draft ?? []) as readonly string[];
  return (
    <fieldset class="group">
      <legend>{labelOf(props)}</legend>
      <div class="marks">
        {(schema.items?.enum ?? []).map((one) => (
          <label class="mark-line">
            <input
              type="checkbox"
              id={fieldId(`${path}/${one}`)}
              checked={marked.includes(one)}
              onChange={() => change(marked.includes(one) ? marked.filter((name) => name !== one) : [...marked, one])}
            />
            {valueText(one)}
          </label>
        ))}
      </div>
      {wrong.has(path) ? <p class="wrong">{named('objection', wrong.get(path) ?? '')}</p> : null}
    </fieldset>
  );
}
