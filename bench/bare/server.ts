import Fastify from 'fastify';
import pg from 'pg';
import { Type } from 'typebox';
import { Account, accountFilters, accountSort } from '../../server/src/contract/v2/account.ts';
import { SeriesMeta, SeriesPoint } from '../../server/src/contract/v2/analytics.ts';
import { collection, single, withMeta } from '../../server/src/contract/v2/conventions.ts';

// The peer of the read benchmark: Fastify, pg and a response schema, as one would write it in an afternoon. It answers the
// same bytes as Tallyline, without key check, rate limit, validation of input, cursor, ETag or cache.

type Row = Record<string, unknown>;

pg.types.setTypeParser(20, Number);
pg.types.setTypeParser(1082, (text) => text);

const [connection = '{}', organizationId = ''] = process.argv.slice(2);
const pool = new pg.Pool({ ...(JSON.parse(connection) as pg.PoolConfig), max: 10 });
const app = Fastify();

const time = (value: unknown): string | null => (value instanceof Date ? `${value.toISOString().slice(0, 19)}Z` : null);

function account(row: Row): Row {
  return {
    ...row,
    id: row.account_id,
    type: 'account',
    profile_pic_url_original: row.profile_pic_url,
    added_at: time(row.added_at),
    first_scrape_time: time(row.first_scrape_time),
    last_scrape_time: time(row.last_scrape_time),
  };
}

const select = `select a.*, c.name as creator_name,
  coalesce(a.max_recent_posts_per_account, o.max_recent_posts_per_account) as effective_max_recent_posts_per_account,
  coalesce(a.post_lookback_days, o.post_lookback_days) as effective_post_lookback_days
  from accounts a join organizations o using (organization_id) left join creators c using (organization_id, creator_id)`;

app.get<{ Params: { id: string } }>(
  '/accounts/:id',
  { schema: { response: { 200: single(Account) } } },
  async (request) => {
    const { rows } = await pool.query<Row>(`${select} where a.organization_id = $1 and a.account_id = $2`, [
      organizationId,
      request.params.id,
    ]);
    return { data: account(rows[0] ?? {}) };
  },
);

const list = { schema: { response: { 200: collection(Account, accountFilters, accountSort) } } };
app.get<{ Querystring: { limit: string } }>('/accounts', list, async (request) => {
  const limit = Number(request.query.limit);
  const { rows } = await pool.query<Row>(
    `${select} where a.organization_id = $1 and a.deleted_at is null order by a.added_at desc, a.account_id desc limit $2`,
    [organizationId, limit + 1],
  );
  const cursor = request.headers['x-cursor'] ?? null;
  return {
    data: rows.slice(0, limit).map(account),
    pagination: { has_next: rows.length > limit, limit, next_cursor: cursor },
    filters: { order_by: 'added_at', order_direction: 'desc' },
  };
});

const dayMs = 86_400_000;
const series = { schema: { response: { 200: withMeta(Type.Array(SeriesPoint), SeriesMeta) } } };
app.get<{ Params: { id: string } }>('/accounts/:id/analytics/timeseries', series, async (request) => {
  const today = Math.floor(Date.now() / dayMs);
  const day = (number: number): string => new Date(number * dayMs).toISOString().slice(0, 10);
  const [start, end] = [day(today - 29), day(today)];
  const { rows } = await pool.query<Row>(
    'select * from account_days where organization_id = $1 and account_id = $2 and day between $3 and $4 order by day',
    [organizationId, request.params.id, start, end],
  );
  const data = rows.map((row) => {
    const engagement = Number(row.likes) + Number(row.comments) + Number(row.shares);
    const rate = Math.round((engagement / Number(row.views)) * 10_000) / 100;
    return { ...row, date: row.day, engagement, engagement_rate: rate };
  });
  const meta = { period: '30d', start_date: start, end_date: end, days: 30, first_reading_date: rows[0]?.day ?? null };
  return { data, meta };
});

process.stdout.write(`bare ready at ${await app.listen({ port: 0, host: '127.0.0.1' })}\n`);
process.on('SIGTERM', () => {
  void app.close().then(() => pool.end());
});
