import type { CivilDate } from '../../proto/words/time.ts';
import type { DocumentStore } from '../ports/register-store.ts';
import type { FactsInput } from '../transfer/facts.ts';
import { READING_IDS } from '../transfer/rule.ts';
import { type Matrix, maySignOff } from './authority.ts';
import type { Registers } from './change.ts';

type SignOffs = FactsInput['signOffs'];

/** Readings that a sign-off of the registers switches: those that each verdict weighs anew. */
export const SIGNED_READINGS: readonly string[] = READING_IDS;

/**
 * Legal sign-offs of the registers that stand on a day. One counts from its day until its end, while the document that was
 * signed lies beside it with the hash it names, and if the authority matrix allows the one who signed to sign off. Where two
 * stand for one reading, the one that stands longer is named. What ended, was withdrawn or cannot be shown leaves the reading
 * as it is taken, which is the stricter one.
 */
export function standingSignOffs(
  {
    registers,
    documents,
    matrix,
  }: {
    readonly registers: Pick<Registers, 'list'>;
    readonly documents: Pick<DocumentStore, 'state'>;
    readonly matrix: Matrix;
  },
  on: CivilDate,
): SignOffs {
  const standing = registers.list('sign-off').flatMap(({ id, body, isWithdrawn, attachments }): SignOffs => {
    const { reading, on: signedOn, until, by, documentSha256 } = body as unknown as SignOffBody;
    const isShown =
      attachments.every(({ sha256 }) => documents.state(sha256) === 'whole') &&
      attachments.some(({ sha256 }) => sha256 === documentSha256);
    // One of before sign-offs had an end and a hash stands for nothing.
    const isCurrent = until !== undefined && signedOn <= on && on < until;
    if (isWithdrawn || !isShown || !isCurrent || !maySignOff(by, matrix, signedOn, on)) return [];
    const known = READING_IDS.find((one) => one === reading);
    return known === undefined
      ? []
      : [{ id: `sign-off/${id}`, reading: known, on: signedOn, by, until, documentSha256 }];
  });
  return READING_IDS.flatMap((reading) =>
    standing
      .filter((one) => one.reading === reading)
      .toSorted((a, b) => ((a.until ?? '') > (b.until ?? '') ? -1 : 1))
      .slice(0, 1),
  );
}

interface SignOffBody {
  readonly reading: string;
  readonly on: CivilDate;
  readonly until?: CivilDate;
  readonly by: string;
  readonly documentSha256: string;
}
