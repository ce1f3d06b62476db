// The bill of materials of a release as CycloneDX JSON, by npm from the shrinkwrap of the package. npm draws a number and takes the time of day; both are
// set to what the content and the commit say, so that the same release has the same bill.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';

const [directory, file] = process.argv.slice(2);
const secondsOfCommit = Number(process.env['SOURCE_DATE_EPOCH']);
if (directory === undefined || file === undefined || !Number.isSafeInteger(secondsOfCommit)) {
  process.stderr.write('usage: SOURCE_DATE_EPOCH=SECONDS bill-of-materials.mjs PACKAGE FILE\n');
  process.exit(2);
}

const ARGS = ['sbom', '--package-lock-only', '--sbom-format', 'cyclonedx', '--sbom-type', 'application'];
const printed = execFileSync('npm', ARGS, { cwd: directory, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
const { serialNumber: _, metadata, ...bill } = JSON.parse(printed);
// Which npm listed them changes nothing of what is listed.
const { tools: __, ...told } = metadata;
const fixed = { ...told, timestamp: new Date(secondsOfCommit * 1_000).toISOString() };
const serialNumber = `urn:uuid:${uuidOf(JSON.stringify({ fixed, bill }))}`;
const { $schema, bomFormat, specVersion, ...rest } = bill;
const ordered = { $schema, bomFormat, specVersion, serialNumber, ...rest, metadata: fixed };
writeFileSync(file, `${JSON.stringify(ordered, null, 2)}\n`);

/** A UUID of version 8 (RFC 9562), of the content. */
function uuidOf(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  const variant = ((Number.parseInt(hex[16], 16) & 0x3) | 0x8).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join('-');
}
