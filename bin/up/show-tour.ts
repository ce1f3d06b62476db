import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import type { ShownTransfer } from '../../cloud/approvals/show-transfer.ts';
import { matrixKey } from '../../cloud/approvals/signed-act.ts';
import { signedAsk } from '../../cloud/cli/signed-ask.ts';
import type { AskCloud } from '../../cloud/cli/transfer.command.ts';
import { untilDecided } from '../../cloud/cli/until-decided.ts';
import type { Verdict } from '../../cloud/transfer/verdict.ts';
import type { Fault } from '../../proto/words/fault.ts';
import type { Clock } from '../../proto/words/time.ts';
import { explainAnswer, summariseAnswer } from './explain-answer.ts';
import type { Layout } from './layout.ts';
import { type ApiAnswer, askOfItself } from './request.ts';
import { DATASETS, PURPOSE, RECIPIENT_ID, TOUR_DATASETS } from './tour.ts';
import { placeCampaign } from './tour-campaign.ts';
import { APPROVERS, REQUESTER, tourEntries, VISITOR } from './tour-registers.ts';

/** How what was shown is told: in a line at once, and in full at the end. */
export interface Telling {
  readonly say: (line: string) => void;
  readonly explain: (lines: readonly string[]) => void;
}

/** Asks for both datasets of a plain installation, which go on a verdict alone. */
export async function requestTransfers(layout: Layout, telling: Telling): Promise<void> {
  for (const { id } of DATASETS) await request(layout, id, VISITOR, telling, askOfItself);
}

/** Enters the registers of the tour; what is there since an earlier start stays. */
export async function fillRegisters(layout: Layout, clock: Clock, { say }: Telling): Promise<void> {
  const certificate = new X509Certificate(readFileSync(layout.recipient('server.pem')));
  const recipientSha256 = certificate.fingerprint256.replaceAll(':', '').toLowerCase();
  const keyOf = (account: string) => matrixKey(createPublicKey(readFileSync(layout.person(`${account}.pub`))));
  for (const { kind, body } of tourEntries(clock.now(), recipientSha256, keyOf)) {
    const answer = await askOfItself(layout.apiSocket, 'POST', `/v1/registers/${kind}`, { by: VISITOR, body });
    const { fault } = answer.body as { fault?: Fault };
    if (fault !== undefined && fault.code !== 'REGISTER_EXISTS') say(`register ${kind}: ${fault.problem.en}`);
  }
}

/** A campaign of software updates that is on file, offered, and gets as far as the vehicles let it. */
export async function showCampaign(
  layout: Layout,
  names: readonly string[],
  clock: Clock,
  { say }: Telling,
): Promise<void> {
  const entry = placeCampaign(layout, names, clock);
  if (entry === undefined) return;
  const wish = { by: VISITOR, body: entry.body };
  const { fault } = (await askOfItself(layout.apiSocket, 'POST', `/v1/registers/${entry.kind}`, wish)).body as {
    fault?: Fault;
  };
  if (fault !== undefined && fault.code !== 'REGISTER_EXISTS') say(`register ${entry.kind}: ${fault.problem.en}`);
}

/**
 * Three transfers: one that two persons approved and that goes abroad, one that one of two has approved, and one that the law withholds.
 *
 * @returns what to look at, for a person to read
 */
export async function showTransfers(layout: Layout, clock: Clock, telling: Telling): Promise<readonly string[]> {
  const approve = approvalsOf(layout, clock, telling);
  const ask = askAs(layout, REQUESTER, clock);
  const [cleared, tracks, waiting] = TOUR_DATASETS.map(({ id }) => id);
  if (cleared === undefined || tracks === undefined || waiting === undefined) return [];
  const gone = await request(layout, cleared, REQUESTER, telling, ask);
  for (const account of APPROVERS) await approve(gone, account);
  const held = await request(layout, waiting, REQUESTER, telling, ask);
  await approve(held, APPROVERS[0]);
  const withheld = await request(layout, tracks, REQUESTER, telling, ask);
  const config = layout.config('cloud.yaml');
  return [
    `${cleared}: ${APPROVERS.join(' and ')} approved it, and it went abroad (${gone ?? 'withheld'})`,
    `${waiting}: ${APPROVERS[0]} approved it; it waits for one more (${held ?? 'withheld'}):`,
    ...(held === undefined
      ? []
      : [
          `  tongguan transfer approve ${held} --by ${VISITOR} --key ${layout.person(`${VISITOR}.key`)} --config ${config}`,
        ]),
    `${tracks}: withheld, with reasons and what would have to be on file (${withheld ?? 'not asked'})`,
    `standard contract contract-1: its filing is due; tongguan register due --config ${config}`,
  ];
}

/** @returns id of the transfer, where there is one */
async function request(
  layout: Layout,
  dataset: string,
  requestedBy: string,
  { say, explain }: Telling,
  ask: AskCloud,
): Promise<string | undefined> {
  const body = { dataset, recipient: RECIPIENT_ID, purpose: PURPOSE, requestedBy };
  const patient = untilDecided(ask, { note: () => undefined, wait });
  const answer = await patient(layout.apiSocket, 'POST', '/v1/transfers', body);
  say(summariseAnswer(dataset, answer));
  if (decisionOf(answer) !== 'permit') explain(explainAnswer(dataset, answer));
  return (answer.body as { transferId?: string }).transferId;
}

const decisionOf = (answer: ApiAnswer): string | undefined => (answer.body as { verdict?: Verdict }).verdict?.decision;

/** Each signs with a key of their own, as persons do over the socket. A directory of before has none for everybody. */
function askAs(layout: Layout, account: string, clock: Clock): AskCloud {
  const file = layout.person(`${account}.key`);
  return existsSync(file) ? signedAsk(askOfItself, createPrivateKey(readFileSync(file)), clock) : askOfItself;
}

function approvalsOf(layout: Layout, clock: Clock, { say }: Telling) {
  return async (id: string | undefined, by: string): Promise<void> => {
    if (id === undefined) return;
    const ask = askAs(layout, by, clock);
    const path = `/v1/transfers/${id}`;
    const { waiting } = (await ask(layout.apiSocket, 'GET', path)).body as Pick<ShownTransfer, 'waiting'>;
    const approved = { by, manifestSha256: waiting?.manifestSha256 };
    const answer = await ask(layout.apiSocket, 'POST', `${path}/approvals`, approved);
    const { fault } = answer.body as { fault?: Fault };
    if (fault !== undefined) say(`approval by ${by}: ${fault.problem.en}`);
  };
}
