import type { AlertSink, OutgoingAlert } from '../ports/alert-sink.ts';

/** Alerts that wait to be told; beyond it the newest is dropped and counted, for the oldest is the cause. */
export const WAITING_MAX = 1_000;
/** Times one alert is tried, and the pause after each. */
export const TRIES_MAX = 5;
const PAUSES_MS = [1_000, 5_000, 30_000, 120_000] as const;

/** A queue in front of a way out: one at a time, in order, tried a bounded number of times. */
export function alertQueue(deliver: (alert: OutgoingAlert) => Promise<void>, end: () => void): AlertSink {
  const waiting: OutgoingAlert[] = [];
  let [sent, dropped] = [0, 0];
  let isBusy = false;
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;

  const next = (tries: number): void => {
    const alert = waiting[0];
    isBusy = alert !== undefined && !isClosed;
    if (alert === undefined || isClosed) return;
    deliver(alert).then(
      () => {
        sent += 1;
        waiting.shift();
        next(0);
      },
      () => {
        const pause = PAUSES_MS[tries];
        if (pause === undefined || tries + 1 >= TRIES_MAX) {
          dropped += 1;
          waiting.shift();
          return next(0);
        }
        timer = setTimeout(() => next(tries + 1), pause);
        timer.unref();
      },
    );
  };
  return {
    send: (alert) => {
      if (isClosed || waiting.length >= WAITING_MAX) dropped += 1;
      else waiting.push(alert);
      if (!isBusy) next(0);
    },
    status: () => ({ sent, dropped, waiting: waiting.length }),
    close: () => {
      isClosed = true;
      clearTimeout(timer);
      end();
    },
  };
}
