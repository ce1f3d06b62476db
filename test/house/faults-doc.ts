import { FAULT_ROWS } from '../../cloud/exporter/faults.table.ts';
import { REJECTIONS } from '../../cloud/ingest/rejections.ts';
import { read, SOURCES } from './sources.ts';

/** docs/faults.md, from the tables of faults that roles print. */
export function faultsDoc(): string {
  const rejections = Object.entries(REJECTIONS).map(
    ([code, { problem, remedy, isAlert }]) => `| \`${code}\` | ${cells(problem, remedy)} | ${isAlert ? 'yes' : 'no'} |`,
  );
  const border = Object.entries(FAULT_ROWS).map(
    ([code, [en, zh, remedyEn, remedyZh, retry]]) =>
      `| \`${code}\` | ${cells({ en, zh }, { en: remedyEn, zh: remedyZh })} | ${retry} |`,
  );
  return `${[HEAD, REJECTED, ...rejections, BORDER, ...border].join('\n')}\n`;
}

interface Both {
  readonly en: string;
  readonly zh: string;
}

const cells = (problem: Both, remedy: Both): string =>
  [problem, remedy].map(({ en, zh }) => `${en}<br>${zh}`.replaceAll('|', '\\|')).join(' | ');

const HEAD = `# Faults of the cloud's door and of the border

Made from the tables that the roles print from (\`UPDATE=1 npx vitest run test/house/docs\` writes it). The faults of the agent stand in
[edge.md](edge.md), those of the cloud's commands and logs in [cloud.md](cloud.md), those of \`tongguan up\` and the simulator in [up.md](up.md),
those of software updates in [ota.md](ota.md#faults).

A fault prints two lines: what is wrong with its code, and what to do about it.
`;

const REJECTED = `## Payloads that go to quarantine

The payload is kept at home, whole, with this reason and under the device that sent it. PUBACK says that it is durable. A batch that could be read is also
acknowledged, as quarantined, so that the vehicle deletes it; one that could not names no sequences, and the vehicle sends it again. An alert is an entry of
the log \`alerts\`, at most one a minute for each device and reason.

| code | problem | remedy | alert |
|---|---|---|---|`;

const BORDER = `
## Exporter and receiver

\`later\`: it is tried again by itself. \`after-remedy\`: the transfer is refused, and has to be cleared again once somebody has done something.

| code | problem | remedy | tried again |
|---|---|---|---|`;

/** Codes that stand in the code as faults for an operator. */
export function faultCodes(): readonly string[] {
  const files = SOURCES.filter((path) => !/^proto\/(?:words|codec)\//.test(path));
  const literal = files.flatMap((path) =>
    [...read(path).matchAll(/\bcode: '([A-Z][A-Z0-9_]+)'/g)].map(([, code = '']) => code),
  );
  const typed = files.flatMap((path) =>
    [...read(path).matchAll(/\bFault<([^>]+)>/g)].flatMap(([, inner = '']) =>
      [...inner.matchAll(/'([A-Z][A-Z0-9_]+)'/g)].map(([, code = '']) => code),
    ),
  );
  return [...new Set([...literal, ...typed])].sort();
}
