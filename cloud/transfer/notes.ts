import type { Bench } from './meet-demand.ts';
import type { NoteRow } from './rule.ts';
import type { Note } from './verdict.ts';
import { weigh } from './weigh.ts';

/** The open readings and remarks that touch a transfer, or might while a fact is unknown; in the order of their ids. */
export function notesOf({ facts, law, positions }: Bench): readonly Note[] {
  return law.notes
    .filter((row) => weigh(row.when, facts, positions).outcome !== 'fails')
    .map((row) => noteOf(row, row.reading === undefined ? undefined : positions[row.reading]));
}

function noteOf(
  row: NoteRow,
  standing: { readonly position: 'taken' | 'other'; readonly signOff?: string } | undefined,
): Note {
  const { id, citation, confidence, taken, other, stricter } = row;
  if (other === undefined) return { id, text: taken, citation, confidence };
  const isSwitched = standing?.position === 'other';
  return {
    id,
    text: isSwitched ? other : taken,
    otherReading: isSwitched ? taken : other,
    position: isSwitched ? 'other' : 'taken',
    ...(stricter === undefined ? {} : { stricter }),
    ...(standing?.signOff === undefined ? {} : { signOff: standing.signOff }),
    citation,
    confidence,
  };
}
