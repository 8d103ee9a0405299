export interface StopSignal {
  /** Fulfilled by the first SIGINT or SIGTERM. The second ends the process at once. */
  received: Promise<NodeJS.Signals>;
  dispose(): void;
}

const signals: NodeJS.Signals[] = ['SIGINT', 'SIGTERM'];
const killedBySignal = 128;
const numbers: Partial<Record<NodeJS.Signals, number>> = { SIGINT: 2, SIGTERM: 15 };

export function listenForStop(): StopSignal {
  const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
  let seen = 0;
  const listener = (signal: NodeJS.Signals): void => {
    seen += 1;
    if (seen > 1) process.exit(killedBySignal + (numbers[signal] ?? 0));
    resolve(signal);
  };
  for (const signal of signals) process.on(signal, listener);
  return {
    received: promise,
    dispose() {
      for (const signal of signals) process.off(signal, listener);
    },
  };
}
