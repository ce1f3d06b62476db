import type { Dataset, Recipient } from '../api/answers.ts';

export interface Chosen {
  readonly dataset: string;
  readonly recipient: string;
  readonly purpose: string;
}

export interface Wish {
  readonly chosen: Chosen;
  /** Purposes for which the dataset was made and which the recipient is configured for. */
  readonly purposes: readonly string[];
  /** Whether it can be asked for. */
  readonly isWhole: boolean;
}

/** What can be chosen next: a purpose has to be one of the dataset and of the recipient. */
export function wishOf(chosen: Chosen, datasets: readonly Dataset[], recipients: readonly Recipient[]): Wish {
  const dataset = datasets.find(({ id }) => id === chosen.dataset);
  const recipient = recipients.find(({ id }) => id === chosen.recipient);
  const purposes = (dataset?.purposes ?? []).filter((one) => recipient?.purposes.includes(one) === true);
  return { chosen, purposes, isWhole: purposes.includes(chosen.purpose) };
}
