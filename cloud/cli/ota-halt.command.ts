import type { CampaignStanding } from '../updates/distribution.ts';
import { EXIT, type ExitStatus } from './cli-io.ts';
import { askTransfers, type TransferArgs, type TransferIo } from './transfer.command.ts';

export interface HaltArgs extends TransferArgs {
  readonly id: string;
  readonly by: string;
  /** Why it is stopped; absent where it goes on. */
  readonly reason?: string;
}

/**
 * `tongguan ota stop ID --by NAME --reason TEXT` and `tongguan ota start ID --by NAME`: a campaign is offered no more, or goes on.
 *
 * @returns 0 done and offered or stopped, 3 started and still held back, 1 a fault, 2 usage or configuration
 */
export async function otaHaltCommand(args: HaltArgs, io: TransferIo): Promise<ExitStatus> {
  const { id, by, reason } = args;
  const path = `/v1/updates/${encodeURIComponent(id)}/${reason === undefined ? 'start' : 'stop'}`;
  const said = reason === undefined ? { by } : { by, reason };
  const answer = await askTransfers(args, io, 'POST', path, said, 'ota');
  if (typeof answer === 'number') return answer;
  const { campaign } = answer as { campaign?: CampaignStanding };
  const heldBackBy = campaign?.heldBackBy ?? [];
  if (args.json) io.out(JSON.stringify(answer));
  else io.out(`${id}  ${heldBackBy.length === 0 ? 'offered' : `held back: ${heldBackBy.join(', ')}`}`);
  return reason === undefined && heldBackBy.length > 0 ? EXIT.withheld : EXIT.done;
}
