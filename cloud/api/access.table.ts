import type { Asked } from '../access/may-read.ts';
import { ROLES, type Role } from '../accounts/role.ts';
import type { Reading } from '../registers/kinds/principals.ts';

/** Who may ask for a route over HTTP. */
export interface AccessRow {
  /** `open`: nobody has to be logged in. */
  readonly roles: readonly Role[] | 'open';
  /** What the register entry of the person has to name; `own` is what any entry allows that stands. */
  readonly reading: Asked;
  /** An answer holds data of this kind: each is entered in the operations log before it is given. */
  readonly holds?: 'personal' | 'geographic';
  /** It stops what goes out and changes nothing else: an account whose credentials nobody answers for may ask as well. */
  readonly holdsBack?: true;
  /** Asked for as rarely as a login. */
  readonly isRare?: true;
}

const all = ROLES;
const keepers: readonly Role[] = ['custodian', 'security-officer', 'auditor'];
const exporters: readonly Role[] = ['requester', 'approver', 'auditor', 'security-officer'];
const law: readonly Role[] = ['viewer', 'fleet', 'custodian', 'requester', 'approver', 'security-officer', 'auditor'];
const fleet: readonly Role[] = ['fleet', 'security-officer'];
const registers: readonly Role[] = ['custodian', 'requester', 'approver', 'security-officer', 'auditor'];

/**
 * Every route of the HTTP API and who may ask for it: the only place that says so. A route without a row is not served, and a row
 * without a route stops the start. An account may ask for what any of its roles may.
 */
// biome-ignore format: one route a line
export const ACCESS: Readonly<Record<string, AccessRow>> = {
  'GET /setup':                                   { roles: 'open', reading: 'own' },
  'POST /setup':                                  { roles: 'open', reading: 'own', isRare: true },
  'POST /invitation':                             { roles: 'open', reading: 'own', isRare: true },
  'POST /session':                                { roles: 'open', reading: 'own', isRare: true },
  'GET /session/provider':                        { roles: 'open', reading: 'own', isRare: true },
  'GET /session/provider/return':                 { roles: 'open', reading: 'own', isRare: true },
  'GET /session':                                 { roles: all, reading: 'own' },
  'DELETE /session':                              { roles: all, reading: 'own' },
  'POST /session/second-factor':                  { roles: all, reading: 'own', isRare: true },
  'POST /session/second-factor/confirmation':     { roles: all, reading: 'own', isRare: true },
  'POST /session/password':                       { roles: all, reading: 'own', isRare: true },

  'GET /status':                                  { roles: all, reading: 'status' },
  'GET /flow':                                    { roles: all, reading: 'status' },
  'GET /devices':                                 { roles: [...fleet, 'auditor'], reading: 'status', holds: 'personal' },
  'GET /devices/:device':                         { roles: [...fleet, 'auditor'], reading: 'status', holds: 'personal' },
  'POST /devices/:device/trust':                  { roles: ['security-officer'], reading: 'status' },
  'POST /devices/:device/revocation':             { roles: fleet, reading: 'status' },
  'GET /quarantine':                              { roles: [...fleet, 'auditor'], reading: 'status' },

  'GET /rules':                                   { roles: law, reading: 'status' },
  'GET /rules/:id':                               { roles: law, reading: 'status' },
  'GET /catalogue':                               { roles: law, reading: 'status' },
  'GET /catalogue/:name':                         { roles: law, reading: 'status' },
  'POST /classifications':                        { roles: law, reading: 'status' },

  'GET /datasets':                                { roles: [...exporters, 'custodian'], reading: 'datasets' },
  'POST /datasets/import':                        { roles: ['custodian'], reading: 'datasets', isRare: true },
  'GET /dataset-imports':                         { roles: ['custodian'], reading: 'datasets' },
  'GET /dataset-imports/:job':                    { roles: ['custodian'], reading: 'datasets' },
  'DELETE /dataset-imports/:job':                 { roles: ['custodian'], reading: 'datasets' },
  'GET /recipients':                              { roles: [...exporters, 'custodian'], reading: 'datasets' },
  'GET /plans':                                   { roles: exporters, reading: 'transfers' },
  'GET /counts':                                  { roles: law, reading: 'status' },

  'GET /transfer-counts':                         { roles: exporters, reading: 'transfers' },
  'GET /transfers':                               { roles: exporters, reading: 'transfers' },
  'POST /transfers':                              { roles: ['requester'], reading: 'transfers' },
  'POST /transfers/verdict':                      { roles: ['requester'], reading: 'transfers' },
  'GET /verdicts':                                { roles: ['requester'], reading: 'transfers' },
  'GET /verdicts/:job':                           { roles: ['requester'], reading: 'transfers' },
  'DELETE /verdicts/:job':                        { roles: ['requester'], reading: 'transfers' },
  'GET /transfers/:id':                           { roles: exporters, reading: 'transfers' },
  'GET /transfers/:id/request':                   { roles: exporters, reading: 'transfers' },
  'GET /transfers/:id/steps':                     { roles: exporters, reading: 'transfers' },
  'GET /transfers/:id/captures':                  { roles: ['security-officer', 'auditor'], reading: 'traffic', holds: 'personal' },
  'POST /transfers/:id/approvals':                { roles: ['approver'], reading: 'transfers' },
  'POST /transfers/:id/rejections':               { roles: ['approver'], reading: 'transfers' },

  'GET /registers':                               { roles: registers, reading: 'registers' },
  'GET /register-forms/:kind':                    { roles: [...registers, 'administrator'], reading: 'registers' },
  'GET /registers/:kind':                         { roles: registers, reading: 'registers', holds: 'personal' },
  'GET /registers/:kind/:id':                     { roles: registers, reading: 'registers', holds: 'personal' },
  'GET /registers/:kind/:id/documents/:sha256':   { roles: registers, reading: 'registers', holds: 'personal' },
  'GET /registers/:kind/:id/history':             { roles: registers, reading: 'registers', holds: 'personal' },
  'POST /registers/:kind':                        { roles: ['custodian'], reading: 'registers' },
  'POST /registers/:kind/import':                 { roles: ['custodian'], reading: 'registers' },
  'PUT /registers/:kind':                         { roles: ['custodian'], reading: 'registers' },
  'DELETE /registers/:kind/:id':                  { roles: ['custodian'], reading: 'registers' },
  'POST /registers/:kind/:id/documents':          { roles: ['custodian'], reading: 'registers' },
  'POST /registers/:kind/:id/confirmation':       { roles: ['custodian', 'approver'], reading: 'registers' },
  'GET /registers/principal':                     { roles: ['administrator', 'auditor'], reading: 'registers', holds: 'personal' },
  'GET /registers/principal/:id':                 { roles: ['administrator', 'auditor'], reading: 'registers', holds: 'personal' },
  'GET /registers/principal/:id/history':         { roles: ['administrator', 'auditor'], reading: 'registers', holds: 'personal' },
  'GET /registers/principal/:id/documents/:sha256': { roles: ['administrator', 'auditor'], reading: 'registers', holds: 'personal' },
  'POST /registers/principal':                    { roles: ['administrator'], reading: 'registers' },
  'POST /registers/principal/import':             { roles: ['administrator'], reading: 'registers' },
  'PUT /registers/principal':                     { roles: ['administrator'], reading: 'registers' },
  'DELETE /registers/principal/:id':              { roles: ['administrator'], reading: 'registers' },
  'POST /registers/principal/:id/documents':      { roles: ['administrator'], reading: 'registers' },
  'POST /registers/principal/:id/confirmation':   { roles: ['administrator'], reading: 'registers' },
  'GET /register-imports':                        { roles: ['custodian', 'administrator'], reading: 'registers' },
  'GET /register-imports/:job':                   { roles: ['custodian', 'administrator'], reading: 'registers' },
  'DELETE /register-imports/:job':                { roles: ['custodian', 'administrator'], reading: 'registers' },
  'GET /agenda':                                  { roles: law, reading: 'registers' },
  'GET /agenda.ics':                              { roles: law, reading: 'registers' },
  'GET /updates':                                 { roles: [...registers, 'fleet'], reading: 'registers' },
  'GET /updates/:id':                             { roles: [...registers, 'fleet'], reading: 'registers' },
  'POST /updates/:id/stop':                       { roles: ['fleet', 'custodian', 'security-officer'], reading: 'registers' },
  'POST /updates/:id/start':                      { roles: ['custodian'], reading: 'registers' },
  'POST /persons':                                { roles: ['custodian'], reading: 'registers' },

  'GET /deletions':                               { roles: keepers, reading: 'deletions', holds: 'personal' },
  'POST /deletions':                              { roles: ['custodian'], reading: 'deletions' },
  'POST /deletions/run':                          { roles: ['custodian'], reading: 'deletions' },

  'GET /alerts':                                  { roles: ['security-officer', 'auditor'], reading: 'logs', holds: 'personal' },
  'POST /alerts/acts':                            { roles: ['security-officer'], reading: 'logs' },
  'GET /audits':                                  { roles: ['security-officer', 'auditor'], reading: 'logs' },
  'POST /audits/run':                             { roles: ['auditor'], reading: 'logs' },
  'POST /audits/sign':                            { roles: ['auditor'], reading: 'logs' },
  'GET /logs':                                    { roles: ['security-officer', 'auditor'], reading: 'logs' },
  'GET /logs/:log/entries':                       { roles: ['security-officer', 'auditor'], reading: 'logs', holds: 'personal' },
  'GET /logs/:log/entries/:index/proof':          { roles: [...exporters], reading: 'logs' },
  'GET /logs/:log/consistency':                   { roles: ['security-officer', 'auditor'], reading: 'logs' },
  'GET /captures':                                { roles: ['security-officer', 'auditor'], reading: 'traffic', holds: 'personal' },
  'POST /inspections':                            { roles: ['auditor'], reading: 'reports', isRare: true },
  'GET /inspections':                             { roles: ['auditor'], reading: 'reports' },
  'GET /inspections/:id':                         { roles: ['auditor'], reading: 'reports' },
  'GET /inspections/:id/bundle':                  { roles: ['auditor'], reading: 'reports', holds: 'personal' },
  'DELETE /inspections/:id':                      { roles: ['auditor'], reading: 'reports' },
  'POST /log-bundles':                            { roles: ['security-officer', 'auditor'], reading: 'logs', isRare: true },
  'GET /log-bundles':                             { roles: ['security-officer', 'auditor'], reading: 'logs' },
  'GET /log-bundles/:id':                         { roles: ['security-officer', 'auditor'], reading: 'logs' },
  'GET /log-bundles/:id/bundle':                  { roles: ['security-officer', 'auditor'], reading: 'logs', holds: 'personal' },
  'DELETE /log-bundles/:id':                      { roles: ['security-officer', 'auditor'], reading: 'logs' },
  'POST /capture-bundles':                        { roles: ['security-officer', 'auditor'], reading: 'traffic', isRare: true },
  'GET /capture-bundles':                         { roles: ['security-officer', 'auditor'], reading: 'traffic' },
  'GET /capture-bundles/:id':                     { roles: ['security-officer', 'auditor'], reading: 'traffic' },
  'GET /capture-bundles/:id/bundle':              { roles: ['security-officer', 'auditor'], reading: 'traffic', holds: 'personal' },
  'DELETE /capture-bundles/:id':                  { roles: ['security-officer', 'auditor'], reading: 'traffic' },
  // A draft sums what registers and logs hold, of no person by name: for those who keep the registers and those who look after the logs.
  'POST /reports':                                { roles: keepers, reading: 'reports', isRare: true },
  'GET /reports':                                 { roles: keepers, reading: 'reports' },
  'GET /reports/:job':                            { roles: keepers, reading: 'reports' },
  'GET /reports/:job/document':                   { roles: keepers, reading: 'reports' },
  'DELETE /reports/:job':                         { roles: keepers, reading: 'reports' },
  'GET /backup':                                  { roles: ['administrator', 'custodian', 'auditor'], reading: 'status' },

  'GET /emergency':                               { roles: all, reading: 'emergency' },
  'POST /emergency/stop':                         { roles: ['fleet', 'custodian', 'requester', 'approver', 'security-officer', 'administrator'], reading: 'emergency', holdsBack: true },
  'POST /emergency/resume':                       { roles: ['approver'], reading: 'emergency' },

  'GET /accounts':                                { roles: ['administrator', 'auditor'], reading: 'registers', holds: 'personal' },
  'POST /accounts':                               { roles: ['administrator'], reading: 'registers' },
  'PUT /accounts/:name/roles':                    { roles: ['administrator'], reading: 'registers' },
  'PUT /accounts/:name/standing':                 { roles: ['administrator'], reading: 'registers' },
  'POST /accounts/:name/reset':                   { roles: ['administrator'], reading: 'registers' },
  'POST /accounts/:name/voucher':                 { roles: all, reading: 'registers' },
  'GET /vouchers':                                { roles: all, reading: 'registers', holds: 'personal' },
  'GET /openapi.json':                            { roles: 'open', reading: 'own' },
};

/** What an entry has to name so that an account with these roles can ask for all that they may. */
export function readingsOf(roles: readonly Role[]): readonly Reading[] {
  const rows = Object.values(ACCESS).filter(
    (row) => row.roles !== 'open' && row.roles.some((role) => roles.includes(role)),
  );
  return [...new Set(rows.map(({ reading }) => reading))].filter((reading) => reading !== 'own');
}
