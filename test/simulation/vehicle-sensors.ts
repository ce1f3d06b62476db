import type { Agent } from '../../edge/agent.ts';
import type { TreatPicture } from '../../edge/picture-queue.ts';
import type { ConfidentialityProcessor } from '../../edge/ports/confidentiality.ts';
import type { Draft, Stage } from '../../edge/stages/stage.ts';
import { fail, ok } from '../../proto/words/result.ts';
import type { Instant } from '../../proto/words/time.ts';
import type { World } from './world.ts';

/** What takes its time beside the agent: decoding of pictures, and an operator's program that goes over fixes. */
export interface VehicleSensors {
  readonly treatPicture: TreatPicture;
  readonly confidentiality: ConfidentialityProcessor;
  /** Counts what comes to the stages. */
  readonly watched: (stages: readonly Stage[]) => readonly Stage[];
  readonly picture: (agent: Agent, at: Instant) => void;
  /** A fix is about to be taken in. */
  readonly fix: (agent: Agent) => void;
  /** Each picture and fix is offered once at most, or counted as removed once: never both. */
  readonly unbalanced: (agent: Agent) => readonly string[];
}

const SLOW_MS = [20, 3_000] as const;
const ATTESTATION = { id: 'plug-in', certificate: 'none', validFromMs: 0, validUntilMs: Date.UTC(2100, 0, 1) };

export function vehicleSensors(world: World): VehicleSensors {
  const taken = { picture: 0, fix: 0 };
  const offered = { picture: 0, fix: 0 };
  const slowly = async <T>(answer: T): Promise<T> => {
    await new Promise<void>((done) => void world.later(world.between(...SLOW_MS), done));
    return answer;
  };
  const count = (draft: Draft): void => {
    if (draft.kind === 'treated-picture') offered.picture += 1;
    if (draft.kind === 'processed-fix') offered.fix += 1;
  };
  return {
    treatPicture: ({ at }, { camera, consent }) => {
      const bytes = new Uint8Array(8);
      const treated = { kind: 'treated-picture', at, camera, consent, width: 8, height: 8, bytes } as const;
      return slowly(world.happens(300) ? fail('image-unreadable') : ok(treated as never));
    },
    confidentiality: {
      datum: 'WGS-84',
      attestation: () => ATTESTATION,
      processFixes: (fixes) =>
        slowly(
          world.happens(200)
            ? fail('confidentiality-slow')
            : ok(fixes.map(({ latitude, longitude }) => ({ latitude, longitude }))),
        ),
      close: async () => undefined,
    },
    watched: ([first, ...rest]) =>
      first === undefined
        ? []
        : [
            {
              ...first,
              apply: (draft, removed) => {
                count(draft);
                return first.apply(draft, removed);
              },
            },
            ...rest,
          ],
    picture: (agent, at) => {
      if (agent.hasPolicy()) taken.picture += 1;
      agent.take({ kind: 'image', at, camera: 'front', place: 'exterior', bytes: new Uint8Array(16) });
    },
    fix: (agent) => {
      if (agent.hasPolicy()) taken.fix += 1;
    },
    unbalanced: (agent) => {
      const removed = { picture: 0, fix: 0 };
      for (const [cause, times] of Object.entries(agent.removals())) {
        if (/^(image-|imagery$|detector-|sensor-interval$)/.test(cause)) removed.picture += times;
        // Of the queue alone: what came through it a stage may refuse by another cause.
        if (/^confidentiality-(stopped|slow|failed|queue-full)$/.test(cause)) removed.fix += times;
      }
      return (['picture', 'fix'] as const).flatMap((kind) => {
        const known = offered[kind] + removed[kind];
        return known <= taken[kind]
          ? []
          : [`of ${taken[kind]} of kind ${kind} ${offered[kind]} came through, ${removed[kind]} did not`];
      });
    },
  };
}
