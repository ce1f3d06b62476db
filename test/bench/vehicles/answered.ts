import type { ChildProcess } from 'node:child_process';

/** The next thing a child says; one that ends before is an error. */
export function answered<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null): void => reject(new Error(`a bench process ended with ${code}`));
    child.once('exit', onExit);
    child.once('message', (report: T) => {
      child.off('exit', onExit);
      resolve(report);
    });
  });
}
