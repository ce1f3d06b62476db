import type { Fault } from '../../proto/words/fault.ts';
import { fail, ok } from '../../proto/words/result.ts';
import { type Answer, ask } from './client.ts';

/** How far the parcel of a request is. */
export interface Building {
  readonly step: string;
  /** Of the step, 0 to 1. */
  readonly share: number;
}

interface Asked {
  readonly transferId: string;
}

interface UnderWay extends Asked, Building {
  readonly state: 'under-way';
}

type Ended = (Asked & { readonly state: 'answered' }) | (Asked & { readonly state: 'failed'; readonly fault: Fault });

/** How often it is asked how far a build is. */
const LOOK_MS = 1_000;

/** Asks for a transfer, and comes back until its parcel is built and it is decided. */
export async function askTransfer(wish: object, note: (building: Building) => void): Promise<Answer<Asked>> {
  const first = await ask<Asked | UnderWay>('POST', '/transfers', wish);
  if (!first.ok || !isUnderWay(first.value)) return first;
  const { transferId } = first.value;
  for (let now: UnderWay | Ended = first.value; ; ) {
    if (now.state === 'failed') return fail(now.fault);
    if (now.state === 'answered') return ok({ transferId });
    note(now);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
    const next = await ask<UnderWay | Ended>('GET', `/transfers/${encodeURIComponent(transferId)}/request`);
    if (next.ok) now = next.value;
    // A cloud that was started anew knows the transfer alone; its page says what became of it.
    else if (next.fault.code !== 'CLOUD_UNREACHABLE') return ok({ transferId });
  }
}

const isUnderWay = (asked: Asked | UnderWay): asked is UnderWay => 'state' in asked && asked.state === 'under-way';
