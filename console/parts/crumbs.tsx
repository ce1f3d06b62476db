import type { FunctionalComponent } from 'vue';
import { RouterLink } from 'vue-router';
import { t } from '../words/language.ts';

interface CrumbsProps {
  /** Pages above, the uppermost first. */
  readonly above: readonly { readonly to: string; readonly text: string }[];
  /** The page that is open. */
  readonly here: string;
}

/** The way back from a page that the menu does not have. */
export const Crumbs: FunctionalComponent<CrumbsProps> = ({ above, here }) => (
  <nav class="crumbs" aria-label={t('registers.way')}>
    {above.map(({ to, text }) => [<RouterLink to={to}>{{ default: () => text }}</RouterLink>, ' › '])}
    <span aria-current="page">{here}</span>
  </nav>
);
Crumbs.props = ['above', 'here'];
