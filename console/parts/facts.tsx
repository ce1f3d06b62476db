import type { FunctionalComponent } from 'vue';
import type { Cell } from './table.tsx';

/** Names and values of one thing. */
export const Facts: FunctionalComponent<{ readonly facts: readonly (readonly [string, Cell])[] }> = ({ facts }) => (
  <dl class="facts">
    {facts.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
);
Facts.props = ['facts'];
