import { GUARDS } from '../switched-off/guards.table.ts';

/** test/simulation/guards.md, from the guards and who goes red without each. */
export function guardsDoc(): string {
  const rows = GUARDS.map(({ name, world, seed, heldBy, places }) => {
    const files = [...new Set(places.map(({ file }) => file))].map((file) => `\`${file}\``).join(', ');
    const by = seed === undefined ? (heldBy === undefined ? 'nobody is known' : `\`${heldBy}\``) : `seed ${seed}`;
    return `| \`${name}\` | ${world} | ${files} | ${by} |`;
  });
  const known = GUARDS.filter(({ seed }) => seed !== undefined).length;
  const head = `# Guards, and who goes red without them

${known} of ${GUARDS.length} are caught by a seed of the simulation; of the others the test that holds them. This page is made from
[guards.table.ts](../switched-off/guards.table.ts) (\`UPDATE=1 npx vitest run test/house/docs\` writes it).`;
  return `${[head, ['| guard | world | in | caught by |', '|---|---|---|---|', ...rows].join('\n')].join('\n\n')}\n`;
}
