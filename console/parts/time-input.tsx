import { defineComponent } from 'vue';
import { typedDay, typedMoment } from '../models/typed-time.ts';
import { momentText } from '../words/format.ts';
import { t } from '../words/language.ts';
import { nowMs } from './clock.ts';

interface TimeInputProps {
  readonly id: string;
  readonly kind: 'day' | 'moment';
  readonly value: string;
  readonly required: boolean;
  readonly disabled?: boolean | undefined;
  readonly isWrong?: boolean | undefined;
  /** Ids of what else describes it. */
  readonly describedBy?: string | undefined;
  readonly change: (text: string) => void;
}

/**
 * A day or a time of Asia/Shanghai that is typed, in the same form in every browser and language; the form stands below it. The
 * browser's own control would speak the browser's language and order. What is left is written as it was understood.
 */
export const TimeInput = defineComponent(
  (props: TimeInputProps) => {
    const settle = (text: string): void => {
      const whole = props.kind === 'day' ? typedDay(text) : typedMoment(text)?.replace('T', ' ');
      if (whole !== undefined && whole !== text) props.change(whole);
    };
    const now = (): void => {
      const text = momentText(nowMs());
      props.change(props.kind === 'day' ? text.slice(0, 10) : text);
    };
    return () => {
      const { id, kind, value, required, disabled = false, isWrong = false, describedBy, change } = props;
      return (
        <div class="time-input">
          <input
            id={id}
            class="input"
            value={value}
            required={required}
            disabled={disabled}
            placeholder={t(kind === 'day' ? 'time.day-form' : 'time.moment-form')}
            autocomplete="off"
            spellcheck={false}
            aria-invalid={isWrong ? true : undefined}
            aria-describedby={[describedBy, `${id}-form`].filter(Boolean).join(' ')}
            onInput={(event: Event) => change((event.target as HTMLInputElement).value)}
            onChange={(event: Event) => settle((event.target as HTMLInputElement).value)}
          />
          {disabled ? null : (
            <button type="button" class="plain" onClick={now}>
              {t(kind === 'day' ? 'time.today' : 'time.now')}
            </button>
          )}
          <p class="quiet" id={`${id}-form`}>
            {t(kind === 'day' ? 'time.day-hint' : 'time.moment-hint')}
          </p>
        </div>
      );
    };
  },
  { props: ['id', 'kind', 'value', 'required', 'disabled', 'isWrong', 'describedBy', 'change'] },
);
