import type { Volume, YearTotals } from '../ports/transfer-register.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { askTransfers, type TransferArgs, type TransferIo } from './transfer.command.ts';

interface Counts {
  readonly year: number;
  readonly persons: YearTotals;
  readonly sensitivePersons: YearTotals;
  readonly volumes: readonly (Volume & { readonly endpoint: string | null })[];
}

/** `tongguan transfer counts`: persons of the year by kind and route, and bytes by dataset and channel. */
export async function transferCountsCommand(args: TransferArgs, io: TransferIo): Promise<ExitStatus> {
  const answer = await askTransfers(args, io, 'GET', '/v1/counts', undefined);
  if (typeof answer === 'number') return answer;
  if (args.json) {
    io.out(JSON.stringify(answer));
    return EXIT.done;
  }
  const { year, persons, sensitivePersons, volumes } = answer as Counts;
  for (const [kind, totals] of [['persons', persons] as const, ['sensitive', sensitivePersons] as const]) {
    io.out(`${year}  ${kind}  ${totals.all}  outside exemptions: ${totals.outsideExemptions}`);
    for (const [route, count] of Object.entries(totals.byRoute)) io.out(`  ${route}  ${count}`);
  }
  for (const { datasetId, recipientId, endpoint, countedBytes, reservedBytes, transfers } of volumes) {
    const channel = `${recipientId}  ${endpoint ?? 'no longer configured'}`;
    io.out(`${datasetId}  ${channel}  ${countedBytes} bytes, ${reservedBytes} reserved, in ${transfers} transfer(s)`);
  }
  return EXIT.done;
}
