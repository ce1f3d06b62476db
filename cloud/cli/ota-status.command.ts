import type { CampaignStanding } from '../updates/distribution.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { askTransfers, type TransferArgs, type TransferIo } from './transfer.command.ts';

/** `tongguan ota status --config cloud.yaml`: campaigns, what holds each back, and how many vehicles are how far. Exit 3 while one is held back. */
export async function otaStatusCommand(args: TransferArgs, io: TransferIo): Promise<ExitStatus> {
  const answer = await askTransfers(args, io, 'GET', '/v1/updates', undefined, 'ota');
  if (typeof answer === 'number') return answer;
  const { campaigns } = answer as { campaigns: readonly CampaignStanding[] };
  if (args.json) io.out(JSON.stringify(answer));
  else for (const line of campaigns.flatMap(linesOf)) io.out(line);
  return campaigns.some(({ heldBackBy }) => heldBackBy.length > 0) ? EXIT.withheld : EXIT.done;
}

function linesOf({ id, ecu, version, label, vehicles, heldBackBy, counts }: CampaignStanding): readonly string[] {
  const told = counts.reduce((sum, one) => sum + one.vehicles, 0);
  const standing = heldBackBy.length === 0 ? 'offered' : `held back: ${heldBackBy.join(', ')}`;
  return [
    `${id}  ${ecu} ${version} (${label})  ${vehicles} vehicle(s)  ${standing}`,
    ...counts.map((one) => `  ${one.state}${one.reason === 'none' ? '' : ` (${one.reason})`}  ${one.vehicles}`),
    ...(told < vehicles ? [`  not heard of  ${vehicles - told}`] : []),
  ];
}
