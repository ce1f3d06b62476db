import type { Component } from 'vue';
import type { Role } from './api/answers.ts';
import type { Word } from './words/words.table.ts';

export interface PageRow {
  readonly path: string;
  readonly word: Word;
  /** Who is offered it; absent for everybody who is logged in. The cloud decides anew at every request. */
  readonly roles?: readonly Role[];
  readonly load: () => Promise<Component>;
}

const READS_TRANSFERS: readonly Role[] = ['requester', 'approver', 'auditor', 'security-officer'];
const READS_LAW: readonly Role[] = [
  'viewer',
  'fleet',
  'custodian',
  'requester',
  'approver',
  'security-officer',
  'auditor',
];

/** Pages in the order of the menu. Each is a file of its own, loaded when it is asked for. */
// biome-ignore format: one page a line
export const PAGES: readonly PageRow[] = [
  { path: '/overview', word: 'page.overview', load: async () => (await import('./pages/overview.tsx')).Overview },
  { path: '/transfers', word: 'page.transfers', roles: READS_TRANSFERS, load: async () => (await import('./pages/transfers.tsx')).Transfers },
  { path: '/request', word: 'page.request', roles: ['requester'], load: async () => (await import('./pages/request.tsx')).Request },
  { path: '/approvals', word: 'page.approvals', roles: ['approver'], load: async () => (await import('./pages/approvals.tsx')).Approvals },
  { path: '/catalogue', word: 'page.catalogue', roles: READS_LAW, load: async () => (await import('./pages/catalogue.tsx')).Catalogue },
  { path: '/fleet', word: 'page.fleet', roles: ['fleet', 'security-officer', 'auditor'], load: async () => (await import('./pages/fleet.tsx')).Fleet },
  { path: '/registers', word: 'page.registers', roles: ['custodian', 'requester', 'approver', 'security-officer', 'auditor'], load: async () => (await import('./pages/registers.tsx')).Registers },
  { path: '/audit', word: 'page.audit', roles: ['security-officer', 'auditor'], load: async () => (await import('./pages/audit.tsx')).Audit },
  { path: '/emergency', word: 'page.emergency', load: async () => (await import('./pages/emergency.tsx')).Emergency },
];
