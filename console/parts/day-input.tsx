import type { FunctionalComponent, Ref } from 'vue';
import { Field } from './field.tsx';
import { TimeInput } from './time-input.tsx';

interface DayInputProps {
  readonly id: string;
  readonly label: string;
  readonly of: Ref<string>;
  readonly kind?: 'day' | 'moment';
  readonly required?: boolean;
}

/** A day of Asia/Shanghai as `2026-11-22`, or a time as `2026-11-22 14:05:00`, as it is typed; empty until one is. */
export const DayInput: FunctionalComponent<DayInputProps> = ({ id, label, of, kind = 'day', required = true }) => (
  <Field id={id} label={label} hint={undefined}>
    <TimeInput
      id={id}
      kind={kind}
      value={of.value}
      required={required}
      change={(text: string) => {
        of.value = text;
      }}
    />
  </Field>
);
DayInput.props = ['id', 'label', 'of', 'kind', 'required'];
