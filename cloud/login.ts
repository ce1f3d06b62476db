import { AsyncLocalStorage } from 'node:async_hooks';
import { isIP } from 'node:net';
import { operationFields } from './audit/operation-fields.ts';
import type { AppendOnly } from './ports/append-only.ts';

/** Header of the local API that says where whoever asks is logged in from. */
export const LOGIN_HEADER = 'x-tongguan-login-ip';

/** Nobody asked: the cloud acts of itself. */
const OF_ITSELF = 'process';

/** Asked over the socket from the machine's own console. */
const CONSOLE = 'local';

const logins = new AsyncLocalStorage<string>();

/** Runs what a request asks for, however long it takes, as of the address it names. */
export function runAsLogin<T>(header: unknown, work: () => T): T {
  return logins.run(typeof header === 'string' && isIP(header) !== 0 ? header : CONSOLE, work);
}

/** The log with the fields of an operation log in every document, under `operation`. @param device - name of this host */
export function withOperationFields<L extends AppendOnly>(log: L, device: string): L {
  return {
    ...log,
    append: (entries) =>
      log.append(
        entries.map((entry) => {
          const operation = operationFields(entry, { loginIp: logins.getStore() ?? OF_ITSELF, device });
          return { ...entry, document: { ...(entry.document as object), operation } };
        }),
      ),
  };
}
