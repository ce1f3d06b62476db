/** What kinds of entries the operations log has, and what the eight fields of G26-IV.3 (2) are in each. */
export interface OperationKind {
  /** Key of the document that names what was acted upon; the transfer where there is none. */
  readonly object?: string;
  /** How it ended: a word for all entries of the kind, or the key of the document that says it. */
  readonly result: 'done' | 'refused' | { readonly key: string };
  /** Whether it changes what somebody may do. */
  readonly permission?: true;
}

// biome-ignore format: one kind a line
export const OPERATION_KINDS: Readonly<Record<string, OperationKind>> = {
  verdict:                   { result: { key: 'verdict.decision' } },
  permit:                    { result: 'done', permission: true },
  revocation:                { result: 'done', permission: true },
  closed:                    { result: { key: 'outcome' } },
  approval:                  { result: 'done', permission: true },
  'approval-void':           { result: 'done', permission: true },
  'approval-lapsed':         { result: 'done' },
  'approval-refused':        { object: 'act', result: 'refused' },
  'act-signed':              { object: 'act', result: 'done' },
  'act-refused':             { object: 'act', result: 'refused' },
  rejection:                 { result: 'done' },
  register:                  { object: 'after.id', result: 'done' },
  persons:                   { result: 'done' },
  'device-revoked':          { object: 'device', result: 'done', permission: true },
  'device-trust':            { object: 'device', result: 'done', permission: true },
  'deletion-requested':      { object: 'deletionId', result: 'done' },
  'deletion-begun':          { object: 'deletionId', result: 'done' },
  'deletion-done':           { object: 'deletionId', result: 'done' },
  read:                      { object: 'reading', result: 'done' },
  'read-ended':              { object: 'reading', result: 'done' },
  'files-import':            { object: 'id', result: 'done' },
  'files-imported':          { object: 'id', result: { key: 'outcome' } },
  'zone-rotate':             { object: 'zone', result: 'done', permission: true },
  'zone-rotated':            { object: 'zone', result: 'done', permission: true },
  'stores-move':             { object: 'move', result: 'done' },
  'stores-moved':            { object: 'move', result: 'done' },
  'files-adopted':           { result: 'done' },
  'access-refused':          { object: 'reading', result: 'refused' },
  restored:                  { result: 'done' },
  'permission-change':       { object: 'object', result: 'done', permission: true },
  'emergency-stop':          { object: 'id', result: 'done', permission: true },
  'emergency-resume':        { object: 'stop', result: 'done' },
  'emergency-resumed':       { object: 'stop', result: 'done', permission: true },
  'emergency-resume-refused': { object: 'stop', result: 'refused' },
  login:                     { object: 'account', result: { key: 'outcome' } },
  account:                   { object: 'account', result: 'done', permission: true },
  'data-read':               { object: 'route', result: 'done' },
  'audit-run':               { object: 'month', result: 'done' },
  'audit-signed':            { object: 'month', result: 'done' },
};

/** Register kinds whose entries say who may do what: a change of one is a change of permissions. */
export const PERMISSION_REGISTERS: readonly string[] = ['processor', 'principal', 'recipient', 'sign-off', 'custodian'];
