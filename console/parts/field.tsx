import type { FunctionalComponent } from 'vue';

interface FieldProps {
  readonly id: string;
  readonly label: string;
  readonly hint?: string | undefined;
}

/** A form control with its label and what is to be known before it is filled in. The control has the id and, with a hint, `ID-hint`. */
export const Field: FunctionalComponent<FieldProps> = ({ id, label, hint }, { slots }) => (
  <div class="field">
    <label for={id}>{label}</label>
    {slots['default']?.()}
    {hint === undefined ? null : (
      <p class="quiet" id={`${id}-hint`}>
        {hint}
      </p>
    )}
  </div>
);
Field.props = ['id', 'label', 'hint'];
