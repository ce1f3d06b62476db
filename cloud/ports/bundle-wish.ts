import type { CivilDate } from '../../proto/words/time.ts';

/** What a bundle for an inspector, or one of logs, is asked for by: days of Asia/Shanghai, both included. */
export interface DaysWish {
  readonly from: CivilDate;
  readonly until: CivilDate;
}

/** What sealed captures are asked for by: connections that were under way at some moment of the time. Moments are RFC 3339. */
export interface CapturesWish {
  readonly from: string;
  readonly to: string;
  /** Address of the other side, or a range of them; all where it is left out. */
  readonly cidr?: string;
  /** Why, as it stands in the log. */
  readonly reason: string;
}
