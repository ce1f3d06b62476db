import { fail, ok, type Result } from '../../../proto/words/result.ts';
import { clientRandomOf, clientRandomOfKey, TRAFFIC_SECRETS } from '../../capture/client-random.ts';
import type { Side } from '../../capture/conversation.ts';
import { type ExporterFault, exporterFault } from '../exporter-fault.ts';
import type { Recorder } from './recorder.ts';

/** Brings the secrets of TLS to the connections that they are for. */
export interface KeyLog {
  /** A line that is for any of the connections; one for none of them is dropped. Gives how to ask its connection. */
  readonly take: (line: Buffer) => FollowedConnection['isReadable'] | undefined;
  readonly follow: (recorder: Recorder, initiator: Side) => FollowedConnection;
}

export interface FollowedConnection {
  /** Records as the one it was given, and sees the ClientHello go by. */
  readonly recorder: Recorder;
  /** A line that is for this connection. */
  readonly take: (line: Buffer) => void;
  readonly isReadable: () => Promise<Result<undefined, ExporterFault>>;
  readonly forget: () => void;
}

/** Lines of one connection: five of TLS 1.3, and as many again for those that may come with another version. */
const LINES_MAX = 16;

export function createKeyLog(): KeyLog {
  const byRandom = new Map<string, Pick<FollowedConnection, 'take' | 'isReadable'>>();
  return {
    take: (line) => {
      const connection = byRandom.get(clientRandomOfKey(textOf(line)) ?? '');
      connection?.take(line);
      return connection?.isReadable;
    },
    follow: (recorder, initiator) => {
      const direction = initiator === 'own' ? 'sent' : 'received';
      const labels = new Set<string>();
      let recorded: Promise<Result<undefined, ExporterFault>> = Promise.resolve(ok(undefined));
      let random: string | undefined;
      let isSeen = false;
      const take = (line: Buffer): void => {
        const text = textOf(line);
        if (labels.size >= LINES_MAX || clientRandomOfKey(text) === undefined) return;
        labels.add(text.slice(0, text.indexOf(' ')));
        recorded = recorder.record('key', Buffer.from(text, 'latin1'));
      };
      const isReadable: FollowedConnection['isReadable'] = async () => {
        const isComplete = TRAFFIC_SECRETS.every((label) => labels.has(label));
        return isComplete ? recorded : fail(exporterFault('CAPTURE_UNREADABLE'));
      };
      return {
        recorder: {
          ...recorder,
          record: (kind, bytes, at) => {
            if (!isSeen && kind === direction && bytes !== undefined) {
              isSeen = true;
              random = clientRandomOf(bytes instanceof Uint8Array ? bytes : Buffer.concat(bytes));
              if (random !== undefined) byRandom.set(random, { take, isReadable });
            }
            return recorder.record(kind, bytes, at);
          },
        },
        take,
        isReadable,
        forget: () => {
          if (random !== undefined) byRandom.delete(random);
        },
      };
    },
  };
}

function textOf(line: Buffer): string {
  return line.toString('latin1').trimEnd();
}
