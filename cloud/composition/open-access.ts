import type { LoadedConfig } from '../../proto/config/read-config.ts';
import type { RoleSurroundings } from '../../proto/config/role.ts';
import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok, type Result } from '../../proto/words/result.ts';
import { civilDateOf } from '../../proto/words/time.ts';
import { accessFault } from '../access/access-fault.ts';
import { addressList } from '../access/cidr.ts';
import { type AccessGuard, createAccessGuard } from '../access/guard.ts';
import { type AccessFacts, mayRead, type Source } from '../access/may-read.ts';
import type { CloudConfig } from '../config/config.ts';
import { findRegisterEntry } from '../find-register-entry.ts';
import type { AppendOnly } from '../ports/append-only.ts';
import type { RegisterEntry } from '../registers/kind.ts';
import type { Principal, Reading } from '../registers/kinds/principals.ts';

const REGISTER = 'principal';

/** The guard of the running cloud. @param find - an entry of the registers as they stand, withdrawn ones too */
export function openAccess(
  { config }: LoadedConfig<CloudConfig>,
  find: (kind: string, id: string) => RegisterEntry | undefined,
  around: Pick<RoleSurroundings, 'clock'> & {
    readonly operations: AppendOnly;
    readonly alert: (document: Readonly<Record<string, unknown>>) => void;
  },
): AccessGuard {
  const { clock, operations, alert } = around;
  return createAccessGuard({ ...factsOf(config, find), clock, operations, alert });
}

/** What a command that reads files by itself is asked with: the account that runs it, and from where. */
export interface CommandReader {
  readonly uid: number | undefined;
  /** `SSH_CONNECTION` of a remote shell, as the environment has it. */
  readonly remote: string | undefined;
}

/** Whether a command may read; it has no log of the cloud to write into, and says who was refused. */
export function commandAccess(
  reading: Reading,
  loaded: LoadedConfig<CloudConfig>,
  { uid, remote }: CommandReader,
  { clock }: Pick<RoleSurroundings, 'clock'>,
): Result<Principal, Fault> {
  const facts = factsOf(loaded.config, (kind, id) => findRegisterEntry(loaded, clock, kind, id));
  const account = uid === undefined ? undefined : facts.accountOf(uid);
  const source: Source =
    remote === undefined ? { via: 'local', uid } : { via: 'network', address: remote.split(' ')[0], account };
  const access = mayRead(reading, source, { ...facts, on: civilDateOf(clock.now()) });
  return access.access === 'granted' ? ok(access.principal) : fail(accessFault(access.because));
}

function factsOf(
  { access }: CloudConfig,
  find: (kind: string, id: string) => RegisterEntry | undefined,
): Omit<AccessFacts, 'on'> {
  const { accounts = [], principals = [], mainland = [] } = access ?? {};
  return {
    mainland: addressList(mainland),
    accountOf: (uid) => {
      const [row, another] = accounts.filter((one) => one.uid === uid);
      return another === undefined ? row?.account : undefined;
    },
    principals: (account) => {
      const entry = find(REGISTER, account);
      // A withdrawn entry is nobody, whatever the configuration says.
      if (entry !== undefined) return entry.isWithdrawn ? [] : [entry.body as unknown as Principal];
      return principals.filter(({ id }) => id === account);
    },
  };
}
