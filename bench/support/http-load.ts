import autocannon from 'autocannon';

export interface Target {
  url: string;
  headers: Record<string, string>;
}

export interface Load {
  requestsPerSecond: number;
  p50Ms: number;
  p99Ms: number;
}

/** Loads one address; throws when any answer was not the expected status. */
export async function load(
  target: Target,
  { seconds, connections, status }: { seconds: number; connections: number; status: number },
): Promise<Load> {
  const result = await autocannon({
    url: target.url,
    headers: target.headers,
    duration: seconds,
    connections,
    pipelining: 1,
  });
  const counts = Object.entries(result.statusCodeStats ?? {});
  const wrong = counts.filter(([code]) => Number(code) !== status);
  if (wrong.length > 0 || counts.length === 0 || result.errors > 0) {
    throw new Error(
      `${target.url}: ${JSON.stringify(result.statusCodeStats)}, ${result.errors} errors, wanted ${status}`,
    );
  }
  return { requestsPerSecond: result.requests.average, p50Ms: result.latency.p50, p99Ms: result.latency.p99 };
}

/** Sequential requests on one connection: each one's own time, in milliseconds. */
export async function timeEach(target: Target, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const start = performance.now();
    const response = await fetch(target.url, { headers: target.headers });
    await response.arrayBuffer();
    if (response.status >= 400) throw new Error(`${target.url}: ${response.status}`);
    times.push(performance.now() - start);
  }
  return times;
}
