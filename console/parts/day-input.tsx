import type { FunctionalComponent, Ref } from 'vue';
import { Field } from './field.tsx';

interface DayInputProps {
  readonly id: string;
  readonly label: string;
  readonly of: Ref<string>;
}

/** A day of Asia/Shanghai as `2026-11-22`, by the browser's own calendar; empty until one is chosen. */
export const DayInput: FunctionalComponent<DayInputProps> = ({ id, label, of }) => (
  <Field id={id} label={label} hint={undefined}>
    <input
      id={id}
      class="input"
      type="date"
      value={of.value}
      required
      onInput={(event: Event) => {
        of.value = (event.target as HTMLInputElement).value;
      }}
    />
  </Field>
);
DayInput.props = ['id', 'label', 'of'];
