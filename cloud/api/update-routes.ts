import { bilingual, type Fault } from '../../proto/words/fault.ts';
import type { CampaignStanding } from '../updates/distribution.ts';
import { type ApiRoute, answered, apiRoute } from './route.ts';

/** `GET /updates`: campaigns, what holds each back, and how many vehicles are how far. Counts only. */
export function updateRoutes(standings: () => readonly CampaignStanding[]): readonly ApiRoute[] {
  return [
    apiRoute({
      method: 'GET',
      path: '/updates',
      summary: 'campaigns of software updates: what holds each back, and how many vehicles are how far',
      invalid: noQuestion,
      answer: () => answered({ campaigns: standings() }),
    }),
  ];
}

function noQuestion(): Fault<'REQUEST_INVALID'> {
  return {
    code: 'REQUEST_INVALID',
    problem: bilingual('the question is not valid', '查询无效'),
    remedy: bilingual('ask for `/updates` without anything beside it', '请直接查询 `/updates`，不带其他参数'),
    retry: 'after-remedy',
  };
}
