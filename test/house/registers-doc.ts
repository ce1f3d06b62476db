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
    return `| ${id} | \`${kind}.${runsFrom}\` | ${unit === 'ends' ? 'that day' : `${figure} ${wordsOf(unit)}`} | ${title.en} ${title.zh} | ${citation.instrument} ${citation.article} (${confidence}) |`;
  });
  return [
    '## Terms',
    TERMS,
    ['| id | runs from | term | what | source |', '|---|---|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}

/** `workingDaysBefore` as it is read. */
const wordsOf = (unit = ''): string => unit.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

const TERMS = `\`tongguan register due\` shows every clock that runs, soonest first, and exits 3 when one has run out. Terms of \`assessment-application\` are those of the authorities, so that you know when to ask. An annual report whose day has passed stays overdue for three years, until \`annualReports\` of the processor has its receipt; it is asked of a processor from the first \`since\` of its authority matrix. The day of an event is not
counted; a day ends at midnight in Asia/Shanghai. A term that needs a year without a calendar of working days is \`uncountable\`
and counts as run out; in a calendar (\`--calendar\`, \`GET /agenda.ics\`) it stands on the whole of the day on which that is fetched. What is \`ungraded\` or \`unknown\` runs the clock of the graver answer.`;

const HEAD = `# Registers

Who may receive what, on which papers. This page is made from the schemas that entries are parsed with (\`UPDATE=1 npx vitest run
test/house/docs\` writes it).

The running cloud keeps them. Every change stands in the operations log with who, when, before and after, before it stands in the
register; a register that a crash left behind is made again from the log. Ids are never used twice, entries are never deleted.

\`\`\`
tongguan register kinds
tongguan register pipia schema
tongguan register pipia add pipia.yaml --by alice --config cloud.yaml
tongguan register pipia import many.yaml --by alice --replace --config cloud.yaml
tongguan register pipia list --config cloud.yaml --json
tongguan register pipia show P-1 --config cloud.yaml
tongguan register pipia export --config cloud.yaml
tongguan register pipia attach P-1 pipia.pdf --by alice --config cloud.yaml
tongguan register recipient confirm battery-lab --seen 2 --by bob --key bob.pem --config cloud.yaml
tongguan register pipia withdraw P-1 --by alice --reason "purpose changed" --config cloud.yaml
tongguan register due --config cloud.yaml
tongguan register due --calendar --config cloud.yaml
\`\`\`

\`schema\` prints the form of an entry as JSON Schema, and wants no cloud. Who wrote which change when, with the entry before and
after, stands in the bundle of \`tongguan log bundle\` ([logs.md](logs.md)), in the entries of kind \`register\`.

Documents that are attached are kept under their SHA-256. One that changed or went missing since is shown as \`changed\` or
\`absent\`, and its entry no longer counts for any transfer; attached again as it was, it is put right. Notices, consents, impact assessments, contracts, certificates,
assessments and approvals of these registers are the \`onFile\` of the facts of a transfer ([transfer-facts.md](transfer-facts.md)),
together with those of \`cloud.yaml\`. Entries are logged for years: a VIN in one is refused. \`group-count\` and the groups of
\`processor\` and \`recipient\` say what is counted and evaluated as one; \`transit\`, \`individual-contract\`, \`labour-basis\`,
\`urgent-need\`, \`ftz-list\`, \`vulnerability\`, \`incident\` and \`source-filing\` are the evidence of exemptions.

\`export\` writes what counts, as YAML or with \`--json\` as JSON, and \`import\` takes it: at most 16,384 entries,
all of them or, with each bad row named, none; a row may refer to one above it. Documents are attached anew.
Entries and their documents are never deleted, so impact assessments are there for the three years that PIPL art. 56 asks, and longer.

## What makes a document out of date

Notices, consent forms, impact assessments, contracts, certificates, security assessments and approvals of external provision are
made for purposes; impact assessments, contracts and security assessments about recipients too. What these were is written down
beside the document (\`against\`, a hash of each). Once one of them is otherwise, was withdrawn, or appears in the register after, the
document counts no longer: the verdict says what changed, and \`tongguan register due\` lists it. An impact assessment is made anew as
well when rules on personal information changed since \`completedOn\`, or one of its own \`rules\`, and for a kind of field that its
\`kinds\` do not name. Of a recipient a new certificate or one more purpose changes nothing; of a purpose a later end does not.

To make a document anew, replace its entry with another \`version\` (or \`number\`): then \`against\` is written down as things are now.
Replacing it under the same version keeps what it was made against, since nobody looked again.

## Changes that a second person confirms

A change of the processor's \`name\`, \`ciio\`, \`freeTradeZone\`, \`group\` or \`authorities\`, or of a recipient's \`name\`, \`country\`,
\`group\`, \`certificateSha256\`, \`encryption\` or \`purposes\`, counts once another person of the authority matrix has confirmed it. Until then
the matrix stays as it was, and everything else of it is unknown, which withholds: the recipient, whether the processor is a CIIO,
the counts of its group, its zone. Both persons are rows of the matrix that stands; persons whom the change itself brings in are not.
A new entry counts at once, and so does a withdrawal, since it lets nothing out; a second profile waits, since its rows would be
persons who confirm. Over the socket both sign, writer and second person: \`--key FILE\` ([accounts.md](accounts.md#keys-of-persons)). A confirmation names the version
that was looked at (\`--seen\`, from \`show\` or \`list\`); an entry that was changed since is not confirmed.

An \`urgent-need\` that goes on with an earlier one waits as well, and so does every change of its times, incident, approver, need or
scope: an emergency ends after seven days, and one person does not prolong it by a chain of records. It goes on with another of the same
\`incident\`, or with one of a dataset or recipient in common that ended less than seven days before it began, withdrawn ones too. Who
confirms it may \`approve\`, and is neither its writer nor its \`approvedBy\`. Until then exemption (4) is withheld (\`EX-4.follows\`).

An entry of \`recipient\` or \`purpose\` binds \`cloud.yaml\`: where country, certificate or purposes differ, or the purpose has ended, the
recipient is not registered for it; what its \`encryption\` binds stands in [sealing.md](sealing.md). So does \`ciio\` of \`processor\`: where the two differ it is unknown.

## Legal sign-offs

An entry of \`sign-off\` switches its reading for verdicts and classification from \`on\` until \`until\`, once a document with
\`documentSha256\` is attached and whole, if \`by\` is an account that the matrix allows \`sign-off\` since before \`on\`. Ended,
withdrawn or no longer shown, it leaves the stricter reading. It enters the facts of each verdict, so \`tongguan log verify\` derives
the same. Readings that counts and aggregates rest on are switched by the operator's file alone ([law.md](law.md)), which also comes
first where both sign one reading.

## Consents that are over

A vehicle whose persons withdrew a consent, or whose consent ended, says so on the uplink ([consent.md](consent.md)). Where
\`legalBasis\` is \`consent\`, a transfer for that purpose leaves such vehicles out when it is built, until something comes under a later
consent of theirs; a consent on record lifts nothing. A purpose that no vehicle ever named could rest on any consent, so then
whoever withdrew any is left out. If one of these persons is in the data all the same (linked to another vehicle, withdrawn while it was
built or permitted), separate consent is out of date for it: the transfer withholds, and a permit is revoked.

## Persons behind vehicles

\`\`\`
tongguan register person import persons.yaml --by alice --config cloud.yaml
\`\`\`

The file is a list of \`vinFile\` (a file with one VIN, beside the list) and \`persons\`, each with a \`pseudonym\` of the
processor's own and a \`role\`, \`owner\` or \`driver\`. The command makes keyed digests of both; nothing else of either reaches
the cloud, and the operations log holds how many were linked and one hash of the links. Who is linked to a vehicle is counted in
its place, each person once; a vehicle without a link counts as one person. In the place of somebody who is behind
more than four vehicles each of these counts as one: who is behind more is a fleet, a rental, or a list somebody made so that
fewer count. An import that makes a tenth of ten vehicles or more count with another is the alert \`PERSONS_MERGED\`. Links are only
added, so no count that stands is lowered.

| fault | what it means |
|---|---|
| \`REGISTER_KIND\`, \`REGISTER_ABSENT\`, \`REGISTER_EXISTS\` | no such register; no such entry; there is or was one of this id |
| \`REGISTER_FILE\`, \`REGISTER_SHAPE\` | the file is not YAML or JSON; a key is missing, unknown or has a wrong value |
| \`REGISTER_OBJECTION\` | the keys contradict each other, another entry, or the states a filing may go through |
| \`REGISTER_SETTLED\`, \`REGISTER_SAME_PERSON\` | no change of the entry waits; whoever confirms is not surely another person than the writer |
| \`REGISTER_WRITER\` | nobody can tell who wrote the change: the writer makes it again with \`--key\`, or at the console |
| \`REGISTER_VERSION\` | the entry was changed since it was looked at: \`register KIND show ID\`, then confirm that version |
| \`REGISTER_LIMIT\` | more entries of a register, or documents of an entry, than there can be |`;
