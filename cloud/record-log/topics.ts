import { ZONES, type Zone } from '../../proto/words/data-class.ts';

/** Zones that have a topic of segments; what is refused has one of its own kind. */
export const TOPIC_ZONES = ZONES.filter((zone): zone is RecordZone => zone !== 'quarantine');

export type RecordZone = Exclude<Zone, 'quarantine'>;

/** Names of the topics of one installation. */
export interface Topics {
  /** Payloads as they came, sealed for who classifies. */
  readonly raw: string;
  /** Compacted: which sequences of which device went through, by partition of `raw`. */
  readonly state: string;
  /** What the ledger is told of each transaction. */
  readonly books: string;
  /** What was refused, and what could not be read. */
  readonly quarantine: string;
  readonly zone: (zone: RecordZone) => string;
}

/** @param prefix - of all names, so that installations can share a cluster */
export function topicsOf(prefix: string): Topics {
  return {
    raw: `${prefix}.raw`,
    state: `${prefix}.state`,
    books: `${prefix}.books`,
    quarantine: `${prefix}.quarantine`,
    zone: (zone) => `${prefix}.zone.${zone}`,
  };
}
