const stopSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
const killedBySignal = 128;
const numbers: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGTERM: 15 };

const parentCheckMs = 250;
// One Ctrl-C arrives more than once: from the terminal, from npm and from the launcher.
const repeatAfterMs = 1000;

/**
 * Calls `onFirst` on the first SIGINT or SIGTERM. Another a second later or more ends the process at once. It listens to
 * the end of the process: a repeat must not cut off the last steps.
 */
export function onStopSignal(onFirst: (signal: NodeJS.Signals) => void): void {
  let firstAtMs: number | null = null;
  const listener = (signal: NodeJS.Signals): void => {
    if (firstAtMs === null) {
      firstAtMs = performance.now();
      onFirst(signal);
    } else if (performance.now() - firstAtMs >= repeatAfterMs) {
      process.exit(killedBySignal + (numbers[signal] ?? 0));
    }
  };
  for (const signal of stopSignals) process.on(signal, listener);
}

/** Fulfilled, with its reason, by a stop signal, or when npm is gone. */
export async function listenForStop(startedByNpm: boolean): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  onStopSignal(resolve);
  if (startedByNpm) watchParent(() => resolve('npm is gone'));
  return promise;
}

// A killed npm can't pass the signal on, and its shell doesn't: without this the server would go on, unseen.
function watchParent(onGone: () => void): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, parentCheckMs).unref();
}
