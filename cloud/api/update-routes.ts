import { z } from 'zod';
import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { EntryBody, RegisterEntry } from '../registers/kind.ts';
import { type RegisterBooks, recordChange } from '../registers/record-change.ts';
import type { CampaignStanding, UpdateDistribution } from '../updates/distribution.ts';
import { CAMPAIGN_REGISTER, startedBody, stoppedBody } from '../updates/halt-campaign.ts';
import { By } from './register-routes.ts';
import { type ApiAnswer, type ApiRoute, answered, apiRoute, refused } from './route.ts';

export interface UpdateRoutesParts {
  readonly updates: Pick<UpdateDistribution, 'standings'> & {
    /** Looks at campaigns now, and tells vehicles where something changed. */
    readonly look: () => void;
  };
  readonly books: RegisterBooks;
}

const OfCampaign = z.object({ id: z.string().max(64) });
const Stop = z.strictObject({
  reason: z.string().trim().min(1).max(512).describe('stands in the entry of the campaign'),
});
const Start = z.strictObject({});

/** `/updates[/ID[/stop|start]]`: campaigns, what holds each back, and how many vehicles are how far. Counts only. */
export function updateRoutes({ updates, books }: UpdateRoutesParts): readonly ApiRoute[] {
  const { standings } = updates;
  const named = (id: string): ApiAnswer => {
    const campaign = standings().find((one) => one.id === id);
    return campaign === undefined ? refused(404, noCampaign()) : answered({ campaign, ...entryOf(books, campaign) });
  };
  const change = (id: string, by: string, to: (entry: RegisterEntry) => EntryBody | undefined): ApiAnswer => {
    const entry = books.store.find(CAMPAIGN_REGISTER, id);
    if (entry === undefined || entry.isWithdrawn) return refused(404, noCampaign());
    const body = to(entry);
    if (body === undefined) return refused(409, sameAlready());
    const recorded = recordChange({ act: 'replace', kind: CAMPAIGN_REGISTER, body }, by, books);
    if (!recorded.ok) return { status: 409, body: { fault: recorded.fault[0], faults: recorded.fault } };
    // Who stops one is told how it stands now, and not in five seconds.
    updates.look();
    return answered({ entry: { id, version: recorded.value.version }, ...ofStanding(standings(), id) });
  };
  const common = { params: OfCampaign, by: { key: 'by', in: 'body', form: By }, invalid } as const;
  return [
    apiRoute({
      ...{ method: 'GET', path: '/updates', invalid },
      summary: 'campaigns of software updates: what holds each back, and how many vehicles are how far',
      answer: () => answered({ campaigns: standings() }),
    }),
    apiRoute({
      ...{
        method: 'GET',
        path: '/updates/:id',
        summary: 'one campaign, and why it is stopped',
        params: OfCampaign,
        invalid,
      },
      answer: ({ params: { id } }) => named(id),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/updates/:id/stop', body: Stop, ...common },
      summary: 'stop a campaign: it is offered no more, and who has not begun to install lets it go',
      answer: ({ params: { id }, body: { reason }, by }) =>
        change(id, by, ({ body }) => (body['stopped'] === undefined ? stoppedBody(body, reason) : undefined)),
    }),
    apiRoute({
      ...{ method: 'POST', path: '/updates/:id/start', body: Start, ...common },
      summary: 'let a campaign that was stopped go on, as far as the register lets it',
      answer: ({ params: { id }, by }) =>
        change(id, by, ({ body }) => (body['stopped'] === undefined ? undefined : startedBody(body))),
    }),
  ];
}

function entryOf({ store }: RegisterBooks, { id }: CampaignStanding): { readonly stopped?: unknown } {
  const entry = store.find(CAMPAIGN_REGISTER, id);
  return entry?.body['stopped'] === undefined ? {} : { stopped: entry.body['stopped'] };
}

/** Absent where its files are not there. */
function ofStanding(standings: readonly CampaignStanding[], id: string): { readonly campaign?: CampaignStanding } {
  const campaign = standings.find((one) => one.id === id);
  return campaign === undefined ? {} : { campaign };
}

function invalid(): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual('the question is not valid', '查询无效'),
    remedy: bilingual('name the campaign, and why it is stopped', '请注明升级活动及停止原因'),
    retry: 'after-remedy',
  };
}

function noCampaign(): Fault<'UPDATE_CAMPAIGN_UNKNOWN'> {
  return {
    code: 'UPDATE_CAMPAIGN_UNKNOWN',
    problem: bilingual('there is no such campaign, or its entry was withdrawn', '没有该升级活动，或其登记条目已撤回'),
    remedy: bilingual(
      'see `tongguan ota status` and the register of campaigns',
      '参见 `tongguan ota status` 及升级活动登记',
    ),
    retry: 'after-remedy',
  };
}

function sameAlready(): Fault<'UPDATE_CAMPAIGN_SAME'> {
  return {
    code: 'UPDATE_CAMPAIGN_SAME',
    problem: bilingual('the campaign is so already', '升级活动已处于该状态'),
    remedy: bilingual('look at it once more; nothing was changed', '请重新查看；未作任何更改'),
    retry: 'never',
  };
}
