import type { Summary } from './summary.ts';

/** Lines of the live view. It says in words what a newcomer wants to know: what came in, what was kept back, what went. */
export function viewOf(summary: Summary, recent: readonly string[]): readonly string[] {
  const { zones, transfers, log } = summary;
  const removed = Object.entries(summary.removed).map(([cause, count]) => `${CAUSES[cause] ?? cause} ${number(count)}`);
  return [
    `tongguan up: one machine${summary.vehicles === 0 ? '' : ', fictional fleet'}; ctrl-C stops`,
    '',
    `  vehicles       ${number(summary.vehicles)}`,
    `  sealed         ${number(summary.framesSealed)} frames signed on the vehicles, ${number(summary.framesWaiting)} on their way, ${number(summary.framesHeld)} trips held back`,
    `  removed        ${removed.length === 0 ? 'nothing yet' : removed.join(', ')}`,
    `  admitted       ${number(summary.framesAdmitted)} frames durable in the cloud, ${number(summary.duplicates)} sent twice and stored once`,
    `  zones          personal ${number(zones.personal)}, geographic ${number(zones.geographic)}, important ${number(zones.important)}, general ${number(zones.general)}, quarantine ${number(zones.quarantine)}`,
    `  transfers      ${transfers.cleared} cleared (${transfers.delivered} delivered abroad), ${transfers.withheld} withheld`,
    `  log            ${number(log.size)} entries, root ${log.root.slice(0, 16)}...`,
    '',
    ...recent.map((line) => `  ${line}`),
  ];
}

const number = (value: number): string => value.toLocaleString('en');

const CAUSES: Readonly<Record<string, string>> = {
  position: 'fixes',
  'position-invalid': 'impossible fixes',
  'signal-not-allowed': 'signals',
  imagery: 'pictures',
  'time-in-future': 'frames of the future',
  'time-in-past': 'frames of long ago',
  'source-malformed': 'broken lines',
};

/** Draws over what was drawn before; only for a terminal. */
export function createScreen(write: (text: string) => void): (lines: readonly string[]) => void {
  let drawn = 0;
  return (lines) => {
    const up = drawn > 0 ? `\u001b[${drawn}A` : '';
    write(`${up}${lines.map((line) => `\u001b[2K${line}\n`).join('')}\u001b[0J`);
    drawn = lines.length;
  };
}
