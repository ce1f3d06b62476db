import type { FunctionalComponent, Ref } from 'vue';
import { Field } from './field.tsx';

interface TextInputProps {
  readonly id: string;
  readonly label: string;
  readonly of: Ref<string>;
  readonly hint?: string | undefined;
  readonly type?: 'text' | 'password' | 'search';
  readonly autocomplete?: string;
  readonly required?: boolean;
}

/** One line of text that is kept in a ref. */
export const TextInput: FunctionalComponent<TextInputProps> = (props) => {
  const { id, label, of, hint, type = 'text', autocomplete = 'off', required = true } = props;
  return (
    <Field id={id} label={label} hint={hint}>
      <input
        id={id}
        class="input"
        type={type}
        value={of.value}
        autocomplete={autocomplete}
        required={required}
        spellcheck={false}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onInput={(event: Event) => {
          of.value = (event.target as HTMLInputElement).value;
        }}
      />
    </Field>
  );
};
TextInput.props = ['id', 'label', 'of', 'hint', 'type', 'autocomplete', 'required'];

interface ChoiceProps {
  readonly id: string;
  readonly label: string;
  readonly of: Ref<string>;
  readonly options: readonly { readonly value: string; readonly text: string }[];
  readonly hint?: string | undefined;
}

/** One of a few. */
export const Choice: FunctionalComponent<ChoiceProps> = ({ id, label, of, options, hint }) => (
  <Field id={id} label={label} hint={hint}>
    <select
      id={id}
      class="input"
      value={of.value}
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
      onChange={(event: Event) => {
        of.value = (event.target as HTMLSelectElement).value;
      }}
    >
      {options.map(({ value, text }) => (
        <option value={value}>{text}</option>
      ))}
    </select>
  </Field>
);
Choice.props = ['id', 'label', 'of', 'options', 'hint'];
