/** A member of a consumer group, as the brokers know it. */
export interface LogConsumer {
  readonly group: string;
  readonly client: string;
  /** Address that the broker sees, without the slash that it writes before it. */
  readonly host: string;
  /** Topics that were assigned to it. */
  readonly topics: readonly string[];
}
