/** One month and its audit (G26-IV.3); months are `2026-10`, mainland calendar. */
export interface MonthAudit {
  readonly month: string;
  readonly state: 'under-way' | 'due' | 'run' | 'signed';
  readonly isOverdue: boolean;
  readonly ranBy: string;
  readonly signedBy: string;
}
