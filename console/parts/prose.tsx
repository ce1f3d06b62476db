import type { FunctionalComponent } from 'vue';

/** A sentence in which commands and keys stand between backticks. */
export const Prose: FunctionalComponent<{ readonly text: string }> = ({ text }) => (
  <>{text.split('`').map((piece, at) => (at % 2 === 1 ? <code>{piece}</code> : piece))}</>
);
Prose.props = ['text'];
