import { plannedSources } from '../../collector/planned-sources.ts';
import { invalid } from '../../contract/problem.ts';
import { planDays } from '../../metrics/collection-plan.ts';
import { type Plan, planOf } from '../../metrics/plan-of-sources.ts';
import { readTracked, type Tracked } from '../../services/plan/read-tracked.ts';
import type { Output } from '../output.ts';
import { assumptionsOf, planLines } from '../plan-lines.ts';
import { operatorContext, withRuntime } from '../runtime.ts';

export interface PlanOptions {
  price: ReadonlyMap<string, number>;
}

/** Says what a month of collecting what is tracked now takes, before it is spent. Asks no source anything. */
export async function plan({ price }: PlanOptions, output: Output): Promise<void> {
  await withRuntime({ command: 'plan', role: 'command' }, async (runtime) => {
    const { sources: settings, maxPagesPerRefresh } = runtime.config;
    requireConfigured(settings, price);
    const sources = plannedSources(settings, price);
    const tracked = await readTracked(operatorContext(runtime, 'plan'));
    const planned = planOf(sources, tracked, maxPagesPerRefresh);
    const assumptions = assumptionsOf(sources, tracked, planned, maxPagesPerRefresh);
    output.result(planJson(planned, tracked, assumptions), planLines(planned, tracked, assumptions));
  });
}

function requireConfigured(settings: readonly { name: string }[], price: PlanOptions['price']): void {
  const unknown = [...price.keys()].find((name) => settings.every((source) => source.name !== name));
  if (unknown === undefined) return;
  throw invalid([{ field: 'price', message: `names ${unknown}, which is none of the configured sources` }]);
}

const planJson = ({ rows, limits, total, unread }: Plan, tracked: Tracked, assumptions: readonly string[]) => ({
  days: planDays,
  profiles: tracked.profiles.length,
  posts: tracked.posts.length,
  requests: total.requests,
  cost_usd: total.usd,
  known_cost_usd: total.knownUsd,
  rows: rows.map(({ source, unit, platform, read, isFirst, count, load }) => ({
    source,
    platform,
    read,
    is_first: isFirst,
    count,
    refreshes: load.refreshes,
    requests: load.requests,
    unit,
    units: load.units,
    cost_usd: load.usd,
  })),
  limits: limits.map(({ source, limit, part }) => ({
    source,
    of: limit.of,
    amount: limit.amount,
    per: limit.per,
    used: part,
    is_exceeded: part === null ? null : part > 1,
  })),
  unread,
  assumptions,
});
