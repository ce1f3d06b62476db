import { stringify } from 'yaml';
import { REGISTER_KINDS } from '../../cloud/registers/kinds.table.ts';
import { DEADLINES } from '../../cloud/rules/deadlines.table.ts';
import { BODIES } from '../support/cloud/registers/entries.ts';
import { keyTable } from './configuration-doc.ts';

/** docs/registers.md, from the schemas that entries are parsed with and the terms that run from them. */
export function registersDoc(): string {
  const kinds = REGISTER_KINDS.map(({ id, title, schema, moves }) =>
    [
      `## \`${id}\`: ${title.en} ${title.zh}`,
      ...(moves === undefined ? [] : [`\`state\` moves ${movesText(moves)}.`]),
      keyTable(schema),
      ['```yaml', stringify(BODIES[id]).trimEnd(), '```'].join('\n'),
    ].join('\n\n'),
  );
  return `${[HEAD, ...kinds, termsSection()].join('\n\n')}\n`;
}

function movesText(moves: Readonly<Record<string, readonly string[]>>): string {
  const ways = Object.entries(moves).filter(([, to]) => to.length > 0);
  return ways.map(([from, to]) => `from \`${from}\` to ${to.map((one) => `\`${one}\``).join(' or ')}`).join(', ');
}

function termsSection(): string {
  const rows = DEADLINES.map(({ id, kind, runsFrom, term, title, citation, confidence }) => {
    const [unit, figure] = Object.entries(term)[0] ?? [];
    return `| ${id} | \`${kind}.${runsFrom}\` | ${unit === 'ends' ? 'that day' : `${figure} ${unit}`} | ${title.en} ${title.zh} | ${citation.instrument} ${citation.article} (${confidence}) |`;
  });
  return [
    '## Terms',
    TERMS,
    ['| id | runs from | term | what | source |', '|---|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

const TERMS = `\`tongguan register due\` shows every clock that runs, soonest first, and exits 3 when one has run out. The day of an event is not
counted; a day ends at midnight in Asia/Shanghai. A term that needs a year without a calendar of working days is \`uncountable\`
and counts as run out. What is \`ungraded\` or \`unknown\` runs the clock of the graver answer.`;

const HEAD = `# Registers

Who may receive what, on which papers. This page is made from the schemas that entries are parsed with (\`UPDATE=1 npx vitest run
test/house/docs\` writes it).

The running cloud keeps them. Every change stands in the operations log with who, when, before and after, before it stands in the
register; a register that a crash left behind is made again from the log. Ids are never used twice, entries are never deleted.

\`\`\`
tongguan register kinds
tongguan register pipia add pipia.yaml --by alice --config cloud.yaml
tongguan register pipia import many.yaml --by alice --replace --config cloud.yaml
tongguan register pipia list --config cloud.yaml --json
tongguan register pipia show P-1 --config cloud.yaml
tongguan register pipia export --config cloud.yaml
tongguan register pipia attach P-1 pipia.pdf --by alice --config cloud.yaml
tongguan register pipia withdraw P-1 --by alice --reason "purpose changed" --config cloud.yaml
tongguan register due --config cloud.yaml
tongguan register due --calendar --config cloud.yaml
\`\`\`

Documents that are attached are kept under their SHA-256. One that changed or went missing since is shown as \`changed\` or
\`absent\`, and its entry no longer counts for any transfer. Notices, consents, impact assessments, contracts, certificates,
assessments and approvals of these registers are the \`onFile\` of the facts of a transfer ([transfer-facts.md](transfer-facts.md)),
together with those of \`cloud.yaml\`. Entries are logged for years: a VIN in one is refused. \`group-count\` and the groups of
\`processor\` and \`recipient\` say what is counted and evaluated as one; \`vulnerability\`, \`incident\`, \`source-filing\` and
\`ftz-list\` are the evidence of exemptions.

## Persons behind vehicles

\`\`\`
tongguan register person import persons.yaml --by alice --config cloud.yaml
\`\`\`

The file is a list of \`vinFile\` (a file with one VIN, beside the list) and \`persons\`, each with a \`pseudonym\` of the
processor's own and a \`role\`, \`owner\` or \`driver\`. The command makes keyed digests of both; nothing else of either reaches
the cloud, and the operations log holds how many were linked and one hash of the links. Who is linked to a vehicle is counted in
its place, each person once however many vehicles; a vehicle without a link counts as one person. Links are only added, so no
count that stands is lowered.

| fault | what it means |
|---|---|
| \`REGISTER_KIND\`, \`REGISTER_ABSENT\`, \`REGISTER_EXISTS\` | no such register; no such entry; there is or was one of this id |
| \`REGISTER_FILE\`, \`REGISTER_SHAPE\` | the file is not YAML or JSON; a key is missing, unknown or has a wrong value |
| \`REGISTER_OBJECTION\` | the keys contradict each other, another entry, or the states a filing may go through |
| \`REGISTER_LIMIT\` | more entries of a register, or documents of an entry, than there can be |`;
