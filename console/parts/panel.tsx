import type { FunctionalComponent } from 'vue';
import { Prose } from './prose.tsx';

/** A part of a page under a heading of its own, with what can be done about all of it beside the heading. */
export const Panel: FunctionalComponent<{ readonly title: string; readonly note?: string | undefined }> = (
  { title, note },
  { slots },
) => (
  <section class="panel">
    <header class="panel-head">
      <h2>{title}</h2>
      {note === undefined ? null : (
        <p class="quiet">
          <Prose text={note} />
        </p>
      )}
      {slots['acts']?.()}
    </header>
    {slots['default']?.()}
  </section>
);
Panel.props = ['title', 'note'];
