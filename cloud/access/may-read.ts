import type { CivilDate } from '../../proto/words/time.ts';
import { MAINLAND, type Principal, type Reading } from '../registers/kinds/principals.ts';
import type { AccessCode } from './access-fault.ts';
import type { AddressList } from './cidr.ts';

/**
 * Where somebody reads from: a process of this machine by its account, with the address of its remote shell where it says one, or an
 * address. Undefined is what nobody can tell, but for that shell: then it is the machine's own console.
 */
export type Source =
  | { readonly via: 'local'; readonly uid: number | undefined; readonly address?: string | undefined }
  | { readonly via: 'network'; readonly address: string | undefined; readonly account: string | undefined };

/** What is asked about: a reading, or `own`, which is what an account is told of itself and any entry that stands allows. */
export type Asked = Reading | 'own';

/** What reading is judged by. */
export interface AccessFacts {
  /** Entries of an account: the register's, or else the configuration's. */
  readonly principals: (account: string) => readonly Principal[];
  /** Account behind an account of the operating system. */
  readonly accountOf: (uid: number) => string | undefined;
  readonly mainland: AddressList;
  /** Asia/Shanghai. */
  readonly on: CivilDate;
}

export type Access =
  | { readonly access: 'granted'; readonly principal: Principal }
  | { readonly access: 'refused'; readonly because: AccessCode; readonly account: string | undefined };

/**
 * Whether somebody may read something here. Pure. What is unknown refuses; where several things are wrong, being abroad is
 * told before all else, since that is what is reported.
 */
export function mayRead(reading: Asked, source: Source, facts: AccessFacts): Access {
  const account = accountOf(source, facts);
  const entries = account === undefined ? [] : facts.principals(account);
  const [principal, another] = entries;
  const refused = (because: AccessCode): Access => ({ access: 'refused', because, account });
  if (entries.some(isAbroad)) return refused('ACCESS_OVERSEAS');
  if (source.address !== undefined && !facts.mainland.has(source.address)) return refused('ACCESS_ADDRESS');
  if (source.via === 'local' ? source.uid === undefined : source.address === undefined) return refused('ACCESS_SOURCE');
  if (principal === undefined || another !== undefined) return refused('ACCESS_UNKNOWN');
  if (facts.on < principal.validFrom || facts.on > principal.validUntil) return refused('ACCESS_LAPSED');
  const isNamed = reading === 'own' || principal.reads.includes(reading);
  return isNamed ? { access: 'granted', principal } : refused('ACCESS_ROLE');
}

function accountOf(source: Source, { accountOf: behind }: AccessFacts): string | undefined {
  if (source.via === 'network') return source.account;
  return source.uid === undefined ? undefined : behind(source.uid);
}

/** A person abroad, or one who works for somebody abroad: both can make the data known there. */
const isAbroad = ({ resident, employer }: Principal): boolean => resident !== MAINLAND || employer.country !== MAINLAND;
