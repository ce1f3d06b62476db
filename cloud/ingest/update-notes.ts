import type { SealedBatch } from '../../proto/codec/telemetry-codec.ts';
import type { UpdateNote } from '../ports/update-register.ts';

/** What an admitted batch says of software updates. */
export function updateNotes({ frames }: Pick<SealedBatch, 'frames'>, deviceNumber: number): readonly UpdateNote[] {
  return frames.flatMap((frame): readonly UpdateNote[] => {
    if (frame.kind !== 'update') return [];
    const { state, reason, step, version, minute } = frame;
    const campaign = Buffer.from(frame.campaignSha256).toString('hex');
    return [{ deviceNumber, campaign, state, reason, step, version, minute }];
  });
}
