/** A row of an authority matrix, as the log has it. */
export interface MatrixRow {
  readonly account: string;
  /** In lower case: two spellings of one name are no second person. */
  readonly person: string;
  readonly may: readonly unknown[];
}

/** The authority matrices of the log, up to the entry taken last. */
export interface MatricesOfLog {
  /** Takes the document of an entry `register`. */
  readonly take: (document: Readonly<Record<string, unknown>> | undefined) => void;
  readonly rows: () => readonly MatrixRow[];
  /** The row that an entry says it was made by, if it stood there then, for this account and this act. */
  readonly standing: (claimed: unknown, account: string, act: string) => MatrixRow | undefined;
}

export function createMatricesOfLog(): MatricesOfLog {
  const matrices = new Map<string, readonly unknown[]>();
  const rows = (): readonly MatrixRow[] => [...matrices.values()].flat().flatMap(rowOf);
  return {
    take: (document) => noteProfile(document, matrices),
    rows,
    standing: (claimed, account, act) => {
      const row = rowOf(claimed)[0];
      if (row === undefined || row.account !== account || !row.may.includes(act)) return undefined;
      return rows().some((one) => isSameRow(one, row)) ? row : undefined;
    },
  };
}

function rowOf(value: unknown): readonly MatrixRow[] {
  const { account, person, may } = (value ?? {}) as Partial<Record<'account' | 'person' | 'may', unknown>>;
  if (typeof account !== 'string' || typeof person !== 'string' || !Array.isArray(may)) return [];
  return [{ account, person: person.toLowerCase(), may }];
}

const isSameRow = (a: MatrixRow, b: MatrixRow): boolean =>
  a.account === b.account && a.person === b.person && a.may.join() === b.may.join();

function noteProfile(
  document: Readonly<Record<string, unknown>> | undefined,
  matrices: Map<string, readonly unknown[]>,
): void {
  const after = document?.['after'] as Readonly<Record<string, unknown>> | undefined;
  if (after?.['kind'] !== 'processor') return;
  // A change that waits for a second person has not taken effect.
  const pending = after['pending'] as Readonly<Record<string, unknown>> | undefined;
  const body = (pending?.['standing'] ?? after['body']) as Readonly<Record<string, unknown>> | undefined;
  const authorities = body?.['authorities'];
  const stands = after['isWithdrawn'] !== true && Array.isArray(authorities);
  matrices.set(String(after['id']), stands ? authorities : []);
}
