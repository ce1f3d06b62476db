import type { FunctionalComponent } from 'vue';
import { type NamedEntry, namesIn } from '../api/references.ts';
import { withName } from '../models/references.ts';
import { say, t } from '../words/language.ts';

interface AddNameProps {
  /** Of the control that holds what is named. */
  readonly id: string;
  /** Register, or `dataset`. */
  readonly kind: string;
  /** Several can be named, one a line. */
  readonly isList: boolean;
  readonly value: string;
  readonly change: (text: string) => void;
}

/** Names that are on file, offered beside a control that takes any: as suggestions where it takes one, to be added to a list. */
export const AddName: FunctionalComponent<AddNameProps> = ({ id, kind, isList, value, change }) => {
  const names = namesIn(kind);
  if (names.length === 0) return null;
  if (!isList) {
    return (
      <datalist id={namesListOf(id, kind)}>
        {names.map((one) => (
          <option value={one.id}>{textOf(one)}</option>
        ))}
      </datalist>
    );
  }
  const add = (event: Event): void => {
    const control = event.target as HTMLSelectElement;
    if (control.value !== '') change(withName(value, control.value));
    control.value = '';
  };
  return (
    <label class="add-name">
      <span class="quiet">{t('form.add-name')}</span>
      <select class="input" id={`${id}-add`} onChange={add}>
        <option value="">{t('form.choose-name')}</option>
        {names.map((one) => (
          <option value={one.id}>{textOf(one)}</option>
        ))}
      </select>
    </label>
  );
};
AddName.props = ['id', 'kind', 'isList', 'value', 'change'];

/** Id of the suggestions of a control; undefined where it names nothing. */
export const namesListOf = (id: string, kind: string | undefined): string | undefined =>
  kind === undefined ? undefined : `${id}-names`;

const textOf = ({ id, title }: NamedEntry): string => (title === id ? id : `${say(title)} (${id})`);
