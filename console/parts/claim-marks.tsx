import type { FunctionalComponent, Ref } from 'vue';
import { named, t } from '../words/language.ts';

/** Exemptions of the regulations that can be claimed, and the register that holds the evidence of each. */
const CLAIMS = [
  [1, 'transit'],
  [2, 'individual-contract'],
  [3, 'labour-basis'],
  [4, 'urgent-need'],
  [6, 'ftz-list'],
  [7, 'vulnerability'],
  [8, 'incident'],
  [9, 'source-filing'],
] as const;

interface ClaimMarksProps {
  readonly of: Ref<readonly number[]>;
  /** Leads to the register of the evidence. */
  readonly hrefOf: (register: string) => string;
}

/** Exemptions to be claimed. A claim without evidence on file withholds; exemption (5) is looked at in any case. */
export const ClaimMarks: FunctionalComponent<ClaimMarksProps> = ({ of, hrefOf }) => (
  <details class="claims">
    <summary>{`${t('request.claims')}${of.value.length === 0 ? '' : ` (${of.value.join(', ')})`}`}</summary>
    <p class="quiet">{t('request.claims-note')}</p>
    <fieldset class="group">
      <legend>{t('request.claimed')}</legend>
      {CLAIMS.map(([number, register]) => (
        <div class="claim">
          <label class="mark-line">
            <input
              type="checkbox"
              id={`claim-${number}`}
              checked={of.value.includes(number)}
              onChange={() => {
                const others = of.value.filter((one) => one !== number);
                of.value = others.length < of.value.length ? others : [...others, number].toSorted((a, b) => a - b);
              }}
            />
            {named('claim', String(number))}
          </label>
          <a href={hrefOf(register)}>{`${t('request.evidence')} ${register}`}</a>
        </div>
      ))}
    </fieldset>
  </details>
);
ClaimMarks.props = ['of', 'hrefOf'];
