import type { BenchDatabase } from './support/database.ts';
import { timeEach } from './support/http-load.ts';
import { loadAccounts } from './support/load.ts';
import type { Servers } from './read.ts';
import { type Figure, median, ms, times } from './support/table.ts';

const sizes = [100, 1_000, 10_000];
const requests = 400;

/** Medians of the four reads, answers built for every request, while the organization grows from 100 to 10,000 accounts. */
export async function benchGrowth(bench: BenchDatabase, servers: () => Promise<Servers>): Promise<Figure[]> {
  const headers = { authorization: `Bearer ${bench.key}` };
  const medians = new Map<string, number[]>();
  let loaded = 0;
  for (const size of sizes) {
    await loadAccounts(bench.handle.db, { organizationId: bench.organizationId, from: loaded + 1, to: size });
    loaded = size;
    const running = await servers();
    const base = `${running.uncached.matched}/v2`;
    const list = (await (await fetch(`${base}/accounts?limit=1`, { headers })).json()) as { data: { id: string }[] };
    const id = list.data[0]?.id ?? '';
    const etag = (await fetch(`${base}/accounts/${id}`, { headers })).headers.get('etag') ?? '';
    const reads = {
      'list of 50 accounts': { url: `${base}/accounts?limit=50`, headers },
      'one account': { url: `${base}/accounts/${id}`, headers },
      '30-day series of an account': { url: `${base}/accounts/${id}/analytics/timeseries?period=30d`, headers },
    };
    const unchanged = {
      url: `${running.ours.matched}/v2/accounts/${id}`,
      headers: { ...headers, 'if-none-match': etag },
    };
    for (const [name, target] of Object.entries({ ...reads, 'one account, 304': unchanged })) {
      await timeEach(target, 100);
      medians.set(name, [...(medians.get(name) ?? []), median(await timeEach(target, requests))]);
    }
    await running.stop();
  }
  return [...medians].map(([name, values]) => {
    const [small = Number.NaN, middle = Number.NaN, large = Number.NaN] = values;
    return {
      name: `${name}: median at 10,000 accounts`,
      value: ms(large),
      peer: `${ms(small)} at 100, ${ms(middle)} at 1,000`,
      ratio: times(large / small),
      aim: '≤ 1.5 ×',
      isMet: large / small <= 1.5,
    };
  });
}
