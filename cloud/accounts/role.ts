/** What an account may be given; cloud/api/access.table.ts says what each may ask for. */
export const ROLES = [
  'viewer',
  'fleet',
  'custodian',
  'requester',
  'approver',
  'security-officer',
  'auditor',
  'administrator',
] as const;

export type Role = (typeof ROLES)[number];
