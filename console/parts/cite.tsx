import type { FunctionalComponent } from 'vue';
import type { Citation } from '../api/answers.ts';
import { citationOf, type Instrument, instrumentOf } from '../api/law.ts';
import { articleText, instrumentText } from '../words/format.ts';
import { say, spoken } from '../words/language.ts';

/** A citation in full: the text by its name and its issuer's number, then the article. */
export function citeText(citation: Citation): string {
  const instrument = instrumentOf(citation.instrument);
  const name =
    instrument === undefined
      ? citation.instrument
      : isText(instrument)
        ? instrumentText(say(instrument.title), spoken())
        : say(instrument.title);
  return `${name} ${articleText(citation, spoken())}`;
}

/** What this product decides by itself is not quoted as a law is. */
const isText = ({ status }: Instrument): boolean => status !== 'product';

/** The same, with number and short name for who points at it. */
export const Cite: FunctionalComponent<{ readonly of: Citation }> = ({ of }) => (
  <span title={`${of.instrument} · ${instrumentOf(of.instrument)?.number ?? of.instrument}`}>{citeText(of)}</span>
);
Cite.props = ['of'];

/** What a short citation of the catalogue stands for. */
export function shortCiteText(cite: string): string {
  const text = citationOf(cite);
  const instrument = instrumentOf(cite);
  return text !== undefined ? say(text) : instrument === undefined ? cite : say(instrument.title);
}
