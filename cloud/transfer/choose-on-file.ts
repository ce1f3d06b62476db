import type { TransferRequest } from './export-gate.ts';
import type { FactsInput } from './facts.ts';
import { ON_FILE_MAX } from './facts-entries.ts';

type OnFile = FactsInput['onFile'];

/**
 * As many documents as facts take. Where there are more, those stay that name most of the transfer and last longest; one
 * that is left out can only withhold.
 */
export function chooseOnFile(
  documents: OnFile,
  { dataset, recipient, purpose }: Pick<TransferRequest, 'dataset' | 'recipient' | 'purpose'>,
): OnFile {
  if (documents.length <= ON_FILE_MAX) return documents;
  const namedBy = ({ datasets, recipients, purposes }: OnFile[number]): number =>
    // Some kinds are asked for the dataset alone.
    (datasets.includes(dataset.id) ? 4 : 0) +
    (recipients.includes(recipient.id) ? 2 : 0) +
    (purposes.includes(purpose) ? 1 : 0);
  return documents
    .map((entry) => ({ entry, names: namedBy(entry) }))
    .toSorted((a, b) => b.names - a.names || (a.entry.validUntil > b.entry.validUntil ? -1 : 1))
    .slice(0, ON_FILE_MAX)
    .map(({ entry }) => entry);
}
