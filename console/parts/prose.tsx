import type { FunctionalComponent, VNode } from 'vue';

/** Pieces of a sentence in which commands and keys stand between backticks. */
export const proseOf = (text: string): readonly (string | VNode)[] =>
  text.split('`').map((piece, at) => (at % 2 === 1 ? <code>{piece}</code> : piece));

/** The same where a component may stand. */
export const Prose: FunctionalComponent<{ readonly text: string }> = ({ text }) => <>{proseOf(text)}</>;
Prose.props = ['text'];
