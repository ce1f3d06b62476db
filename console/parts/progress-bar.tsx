import type { FunctionalComponent } from 'vue';
import { wholeShareText } from '../words/format.ts';

interface ProgressBarProps {
  /** What is under way, in words. */
  readonly label: string;
  /** 0 to 1; left out where nobody can tell how much is left. */
  readonly share?: number | undefined;
}

/** How far something long is: a bar, and the same in words. */
export const ProgressBar: FunctionalComponent<ProgressBarProps> = ({ label, share }) => (
  <div class="progress">
    <progress max={1} value={share} aria-label={label} />
    <span class="quiet">{share === undefined ? label : `${label} ${wholeShareText(share)}`}</span>
  </div>
);
ProgressBar.props = ['label', 'share'];
