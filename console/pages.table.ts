import type { Component } from 'vue';
import type { Role } from './api/answers.ts';
import type { Word } from './words/words.table.ts';

export interface PageRow {
  readonly path: string;
  readonly word: Word;
  /** Heading that it stands under in the menu. */
  readonly group: 'flow' | 'border' | 'duties' | 'oversight';
  /** Who is offered it; absent for everybody who is logged in. The cloud decides anew at every request. */
  readonly roles?: readonly Role[];
  readonly load: () => Promise<Component>;
}

const TRANSFERS: readonly Role[] = ['requester', 'approver', 'auditor', 'security-officer'];
const REGISTERS: readonly Role[] = ['custodian', 'requester', 'approver', 'security-officer', 'auditor'];
const LAW: readonly Role[] = ['viewer', 'fleet', ...REGISTERS];

/** Pages in the order of the menu. Each is a file of its own, loaded when it is asked for. */
// biome-ignore format: one page a line
export const PAGES: readonly PageRow[] = [
  { path: '/overview', group: 'flow', word: 'page.overview', load: async () => (await import('./pages/overview.tsx')).Overview },
  { path: '/fleet', group: 'flow', word: 'page.fleet', roles: ['fleet', 'security-officer', 'auditor'], load: async () => (await import('./pages/fleet.tsx')).Fleet },
  { path: '/catalogue', group: 'flow', word: 'page.catalogue', roles: LAW, load: async () => (await import('./pages/catalogue.tsx')).Catalogue },
  { path: '/transfers', group: 'border', word: 'page.transfers', roles: TRANSFERS, load: async () => (await import('./pages/transfers.tsx')).Transfers },
  { path: '/request', group: 'border', word: 'page.request', roles: ['requester'], load: async () => (await import('./pages/request.tsx')).Request },
  { path: '/approvals', group: 'border', word: 'page.approvals', roles: ['approver'], load: async () => (await import('./pages/approvals.tsx')).Approvals },
  { path: '/emergency', group: 'border', word: 'page.emergency', load: async () => (await import('./pages/emergency.tsx')).Emergency },
  { path: '/registers', group: 'duties', word: 'page.registers', roles: REGISTERS, load: async () => (await import('./pages/registers.tsx')).Registers },
  { path: '/filings', group: 'duties', word: 'page.filings', roles: REGISTERS, load: async () => (await import('./pages/filings.tsx')).Filings },
  { path: '/updates', group: 'duties', word: 'page.updates', roles: ['fleet', ...REGISTERS], load: async () => (await import('./pages/updates.tsx')).Updates },
  { path: '/reports', group: 'duties', word: 'page.reports', roles: ['custodian', 'security-officer', 'auditor'], load: async () => (await import('./pages/reports.tsx')).Reports },
  { path: '/incidents', group: 'duties', word: 'page.incidents', roles: REGISTERS, load: async () => (await import('./pages/incidents.tsx')).Incidents },
  { path: '/alerts', group: 'oversight', word: 'page.alerts', roles: ['security-officer', 'auditor'], load: async () => (await import('./pages/alerts.tsx')).Alerts },
  { path: '/audit', group: 'oversight', word: 'page.audit', roles: ['security-officer', 'auditor'], load: async () => (await import('./pages/audit.tsx')).Audit },
  { path: '/accounts', group: 'oversight', word: 'page.accounts', roles: ['administrator', ...TRANSFERS, 'custodian'], load: async () => (await import('./pages/accounts.tsx')).Accounts },
];
