import { posix } from 'node:path';
import { filesBelow, read } from './sources.ts';

/** One file each, in the order of their numbers. */
export const DECISIONS = filesBelow('docs/adr').filter((path) => path.endsWith('.md') && !path.endsWith('README.md'));

/** docs/adr/README.md, from the titles of the records. */
export function decisionsDoc(): string {
  const rows = DECISIONS.map((path) => {
    const text = read(path);
    const [, number, title] = /^# (\d+)\. (.+)$/m.exec(text) ?? [];
    const [, status] = /^Status: (.+)$/m.exec(text) ?? [];
    return `| ${number} | [${title}](${posix.basename(path)}) | ${status} |`;
  });
  return `${[HEAD, ['| | decision | |', '|---|---|---|', ...rows].join('\n')].join('\n\n')}\n`;
}

const HEAD = `# Decisions

Why things are as they are, in the order in which it was decided: what was known, what was done, what it costs, what was rejected. A record
is not edited when we learn better; a later one says so. This page is made from them (\`UPDATE=1 npx vitest run test/house/docs\` writes it).`;
