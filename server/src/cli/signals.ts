export interface StopSignal {
  /** Fulfilled, with its reason, by the first SIGINT or SIGTERM, or when npm is gone. A second signal ends the process at once. */
  received: Promise<string>;
  dispose(): void;
}

export const stopSignals: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
const killedBySignal = 128;
const numbers: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGTERM: 15 };

const parentCheckMs = 250;

export function listenForStop(startedByNpm: boolean): StopSignal {
  const { promise, resolve } = Promise.withResolvers<string>();
  let seen = 0;
  const listener = (signal: NodeJS.Signals): void => {
    seen += 1;
    if (seen > 1) process.exit(killedBySignal + (numbers[signal] ?? 0));
    resolve(signal);
  };
  for (const signal of stopSignals) process.on(signal, listener);
  const parentWatch = startedByNpm ? watchParent(() => resolve('npm is gone')) : undefined;
  return {
    received: promise,
    dispose() {
      clearInterval(parentWatch);
      for (const signal of stopSignals) process.off(signal, listener);
    },
  };
}

// A killed npm can't pass the signal on, and its shell doesn't: without this the server would go on, unseen.
function watchParent(onGone: () => void): NodeJS.Timeout {
  const parent = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, parentCheckMs);
  return watch.unref();
}
