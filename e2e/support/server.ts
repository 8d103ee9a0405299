import { onTestFinished, vi } from 'vitest';
import { createApi, type Api } from './api.ts';
import { type Ended, type Started, startTallyline } from './process.ts';

const readyWithinMs = 30_000;

export interface Server {
  url: string;
  /** Printed on the first start of a data directory only. */
  apiKey: string | null;
  pid: number;
  process: Started;
  api: (apiKey: string) => Api;
  /** Sends the signal and waits for the end. */
  end: (signal: NodeJS.Signals) => Promise<Ended & { tookMs: number }>;
}

export interface ServerSettings {
  dataDir: string;
  command?: string;
  settings?: Record<string, string>;
}

/** Starts the real server on a free port and waits for its ready line. */
export async function startServer({ dataDir, command = 'serve', settings = {} }: ServerSettings): Promise<Server> {
  const started = startTallyline([command], { TALLYLINE_DATA_DIR: dataDir, TALLYLINE_PORT: '0', ...settings });
  onTestFinished(async () => {
    started.child.kill('SIGKILL');
    await started.ended;
  });
  const url = await readyUrl(started);
  const apiKey = /tga_[0-9a-f]{64}/.exec(started.stdout())?.[0] ?? null;
  return {
    url,
    apiKey,
    pid: started.child.pid ?? 0,
    process: started,
    api: (key) => createApi(url, key),
    end: async (signal) => {
      const sentAt = performance.now();
      started.child.kill(signal);
      const ended = await started.ended;
      return { ...ended, tookMs: performance.now() - sentAt };
    },
  };
}

export async function readyUrl(started: Started): Promise<string> {
  let ended: Ended | null = null;
  void started.ended.then((result) => (ended = result));
  return vi.waitFor(
    () => {
      const url = /^Tallyline is ready at (http:\/\/\S+)$/m.exec(started.stdout())?.[1];
      if (url !== undefined) return url;
      throw new Error(`no ready line${ended === null ? ' yet' : ''}: ${started.stdout()}${started.stderr()}`);
    },
    { timeout: readyWithinMs, interval: 20 },
  );
}
