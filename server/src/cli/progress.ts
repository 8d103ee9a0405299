import { Presets, SingleBar } from 'cli-progress';
import type { Output } from './output.ts';

export interface Progress {
  update: (done: number, total: number) => void;
  /** Idempotent. */
  end: () => void;
}

/** A bar on stderr when a person watches; nothing in JSON mode or without a terminal. */
export function createProgress(what: string, output: Output): Progress {
  if (output.json || !process.stderr.isTTY) return { update: () => undefined, end: () => undefined };
  const format = `${what} {bar} {percentage}% | {value}/{total} | {duration_formatted}`;
  const bar = new SingleBar(
    { format, stream: process.stderr, hideCursor: true, clearOnComplete: true },
    Presets.shades_grey,
  );
  let isStarted = false;
  return {
    update(done, total) {
      if (!isStarted) bar.start(total, done);
      else if (bar.getTotal() !== total) bar.setTotal(total);
      bar.update(done);
      isStarted = true;
    },
    end() {
      if (isStarted) bar.stop();
      isStarted = false;
    },
  };
}
