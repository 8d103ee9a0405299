import { setTimeout as delay } from 'node:timers/promises';

export interface Question {
  path: string;
  body?: object;
}

export interface Paced {
  p50Ms: number;
  p95Ms: number;
  maxMs: number;
}

const requestsPerSecond = 50;

/**
 * Asks at a fixed rate, whether or not earlier answers have come, and times each answer from the moment its question was due:
 * a server that falls behind shows it.
 */
export async function paced(
  url: string,
  headers: Record<string, string>,
  next: () => Question,
  seconds: number,
): Promise<Paced> {
  const times: number[] = [];
  const ask = async (dueAt: number | null): Promise<void> => {
    const { path, body } = next();
    const written = {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { ...headers, 'content-type': 'application/json' },
    };
    const answer = await fetch(`${url}${path}`, body === undefined ? { headers } : written);
    const text = await answer.text();
    if (answer.status !== 200) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
    if (dueAt !== null) times.push(performance.now() - dueAt);
  };
  for (let i = 0; i < 20; i += 1) await ask(null);
  const startedAt = performance.now();
  const running: Promise<void>[] = [];
  for (let i = 0; i < seconds * requestsPerSecond; i += 1) {
    const dueAt = startedAt + (i * 1000) / requestsPerSecond;
    const early = dueAt - performance.now();
    if (early > 1) await delay(early);
    running.push(ask(Math.max(dueAt, startedAt)));
  }
  await Promise.all(running);
  times.sort((a, b) => a - b);
  const at = (share: number): number =>
    times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
  return { p50Ms: at(0.5), p95Ms: at(0.95), maxMs: at(1) };
}
