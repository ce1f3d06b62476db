import type { FunctionalComponent } from 'vue';
import { momentText } from '../words/format.ts';

/** A time as people here read it, in Beijing; who points at it has the same in UTC, as logs write it. */
export const Moment: FunctionalComponent<{ readonly at: number | string }> = ({ at }) => {
  const utc = new Date(at).toISOString();
  return (
    <time class="quiet" datetime={utc} title={`UTC ${utc}`}>
      {momentText(at)}
    </time>
  );
};
Moment.props = ['at'];
