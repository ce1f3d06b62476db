import type { Volume, YearTotals } from '../ports/transfer-register.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { askTransfers, type TransferArgs, type TransferIo } from './transfer.command.ts';

interface Counts {
  readonly year: number;
  readonly persons: YearTotals;
  readonly sensitivePersons: YearTotals;
  readonly group: Readonly<Record<'persons' | 'sensitivePersons', number>> | 'unknown';
  /** Which of the totals thresholds are held against. */
  readonly counts: 'all' | 'outsideExemptions';
  readonly volumes: readonly (Volume & { readonly endpoint: string | null })[];
}

/**
 * `tongguan transfer counts [--year YYYY]`: persons of a year by kind and route, alone and with the group, and bytes by dataset and
 * channel. A year is one of Asia/Shanghai.
 */
export async function transferCountsCommand(
  args: TransferArgs & { readonly year?: string },
  io: TransferIo,
): Promise<ExitStatus> {
  const asked = args.year === undefined ? '' : `?year=${encodeURIComponent(args.year)}`;
  const answer = await askTransfers(args, io, 'GET', `/v1/counts${asked}`, undefined);
  if (typeof answer === 'number') return answer;
  if (args.json) {
    io.out(JSON.stringify(answer));
    return EXIT.done;
  }
  const { year, persons, sensitivePersons, group, counts, volumes } = answer as Counts;
  for (const [kind, totals] of [['persons', persons] as const, ['sensitive', sensitivePersons] as const]) {
    io.out(`${year}  ${kind}  ${totals.all}  outside exemptions: ${totals.outsideExemptions}`);
    for (const [route, count] of Object.entries(totals.byRoute)) io.out(`  ${route}  ${count}`);
  }
  const ofGroup =
    group === 'unknown'
      ? 'unknown: a member has told no figure of the year'
      : `${group.persons} persons, ${group.sensitivePersons} sensitive`;
  io.out(`${year}  group  ${ofGroup}`);
  io.out(`${year}  held against thresholds: ${counts === 'all' ? 'all' : 'those outside exemptions (CNT-8)'}`);
  for (const { datasetId, recipientId, endpoint, countedBytes, reservedBytes, transfers } of volumes) {
    const channel = `${recipientId}  ${endpoint ?? 'no longer configured'}`;
    io.out(`${datasetId}  ${channel}  ${countedBytes} bytes, ${reservedBytes} reserved, in ${transfers} transfer(s)`);
  }
  return EXIT.done;
}
