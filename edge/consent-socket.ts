import type { ConsentIntake } from './consent-intake.ts';
import { consentFault } from './policy/consent-fault.ts';
import type { FrameSource } from './ports/frame-source.ts';
import { CONSENT_LINE_BYTES_MAX, parseConsentLine } from './sources/consent-lines.ts';
import { splitLines } from './sources/line-splitter.ts';
import { listenOnSocket, type Writers } from './sources/unix-socket.ts';

/**
 * Where the vehicle's display tells the agent what persons say about their consent: one JSON object a line, and one line of
 * answer for each, in their order. Whoever may write it speaks for the persons in the vehicle.
 *
 * @throws the system's error (a path too long, a directory that is missing)
 */
export function listenForConsents(path: string, writers: Writers, intake: ConsentIntake): Promise<FrameSource> {
  return listenOnSocket(path, writers, (writer) => {
    const answer = (line: string): void => void writer.write(`${JSON.stringify(answerTo(line, intake))}\n`);
    const lines = splitLines(CONSENT_LINE_BYTES_MAX, answer, () => answer(''));
    writer.on('data', lines.push);
  });
}

/** Nothing of a line is repeated in its answer. */
export function answerTo(line: string, intake: ConsentIntake): object {
  const parsed = parseConsentLine(line);
  if (!parsed.ok) return { ok: false, ...consentFault('CONSENT_MALFORMED') };
  const statement = parsed.value;
  if (statement.consent === 'show') return { ok: true, ...intake.show() };
  if (statement.consent === 'grant') {
    const granted = intake.grant(statement);
    return granted.ok ? { ok: true } : { ok: false, ...granted.fault };
  }
  const withdrawn = intake.withdraw(statement.purpose, statement.number);
  return withdrawn.ok ? { ok: true, removed: withdrawn.value } : { ok: false, ...withdrawn.fault };
}
