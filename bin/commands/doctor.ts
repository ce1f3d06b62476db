import type { Command } from 'commander';
import { EXIT } from '../../proto/config/role.ts';
import type { Finding, State } from '../doctor/finding.ts';
import { processSurroundings } from '../role-process.ts';
import { languageFlag } from './ask-flags.ts';
import { run } from './run.ts';

interface Flags {
  readonly data?: string;
  readonly cloud?: string;
  readonly exporter?: string;
  readonly receiver?: string;
  readonly edge?: string;
  readonly resolve?: boolean;
  readonly json?: boolean;
  readonly lang: string;
}

/** `tongguan doctor`: what is amiss on this machine and in what configurations name, each with its remedy. */
export function addDoctorCommand(program: Command): void {
  program
    .command('doctor')
    .description('what is amiss on this machine and in what the configurations name; exit 0 or 1 (docs/doctor.md)')
    .option('--data <directory>', 'data directory of `tongguan up`, in place of the files below')
    .option('--cloud <file>', 'cloud.yaml')
    .option('--exporter <file>', 'exporter.yaml')
    .option('--receiver <file>', 'receiver.yaml')
    .option('--edge <file>', 'edge.yaml')
    .option('--resolve', 'look up where configured names lead; without it nobody is asked')
    .option('--json', 'every finding as one JSON object on standard output')
    .addOption(languageFlag())
    .action((flags: Flags) => run(() => doctor(flags)));
}

async function doctor({ data, resolve = false, json = false, lang, ...named }: Flags): Promise<number> {
  const { environment, clock, out } = processSurroundings('doctor');
  const { examine, patientsOf } = await import('../doctor/doctor.ts');
  const { thisMachine } = await import('../doctor/machine.ts');
  const { lookup } = await import('node:dns/promises');
  const addressesOf = async (name: string) => (await lookup(name, { all: true })).map(({ address }) => address);
  const now = clock.now();
  const findings = await examine(data === undefined ? named : { ...named, ...patientsOf(data) }, {
    environment,
    now,
    machine: thisMachine(now),
    ...(resolve && { resolve: addressesOf }),
  });
  const bad = findings.filter(({ state }) => state === 'bad').length;
  if (json) out(JSON.stringify({ ok: bad === 0, findings }));
  else for (const line of textOf(findings, lang === 'zh' ? 'zh' : 'en')) out(line);
  return bad === 0 ? EXIT.done : EXIT.fault;
}

/** What is amiss comes last, so that it stands on the screen when the command is through. */
function textOf(findings: readonly Finding[], language: 'en' | 'zh'): readonly string[] {
  const order: readonly State[] = ['good', 'unknown', 'warning', 'bad'];
  const sorted = order.flatMap((state) => findings.filter((one) => one.state === state));
  return sorted.flatMap(({ state, check, about, says, remedy }) => [
    `${MARKS[state]}  ${[check, about].filter((part) => part !== '').join(' ')}: ${says[language]}`,
    ...(remedy === undefined ? [] : [`      ${remedy[language]}`]),
  ]);
}

const MARKS: Readonly<Record<State, string>> = { good: 'ok  ', unknown: '?   ', warning: 'look', bad: 'BAD ' };
