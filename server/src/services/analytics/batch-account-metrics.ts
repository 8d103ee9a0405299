import { sql } from 'kysely';
import type { GainRow } from '../../metrics/series.ts';
import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { figuresOfGains, type MetricsBatch, toBatch } from './batch.ts';
import { parseWindow } from './parse-window.ts';
import { windowSpan } from './snapshot.ts';

export async function batchAccountMetrics(
  ctx: Context,
  input: { accountIds: readonly string[]; request: WindowRequest },
): Promise<MetricsBatch> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const { from, to } = windowSpan(window);
  const { rows } = await sql<Omit<GainRow, 'saves' | 'followers'> & { account_id: string }>`
    select a.account_id, sum(d.views)::bigint as views, sum(d.plays)::bigint as plays, sum(d.likes)::bigint as likes,
      sum(d.comments)::bigint as comments, sum(d.shares)::bigint as shares
    from accounts a
    left join account_days d on d.organization_id = ${ctx.organizationId} and d.account_id = a.account_id
      and d.day between ${from}::date and ${to}::date
    where a.organization_id = ${ctx.organizationId} and a.account_id = any(${[...input.accountIds]}::uuid[]) and a.deleted_at is null
    group by a.account_id`.execute(ctx.db);
  const figures = rows.map(({ account_id: id, ...gains }) => {
    return [id, figuresOfGains({ ...gains, saves: null, followers: null })] as const;
  });
  return { window, ...toBatch(input.accountIds, new Map(figures)) };
}
