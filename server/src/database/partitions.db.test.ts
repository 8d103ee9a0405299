import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { newId } from './ids.ts';
import { ensurePartitions } from './partitions.ts';

const { db, pool } = await testDatabase();

interface Bounds {
  name: string;
  bounds: string;
}

async function boundsOf(pattern: string): Promise<Bounds[]> {
  const result = await sql<Bounds>`
    select relname as name, pg_get_expr(relpartbound, oid) as bounds
    from pg_class where relispartition and relkind = 'r' and relname like ${pattern} order by relname`.execute(db);
  return result.rows;
}

describe('monthly partitions', () => {
  it('makes every month of the range in every time-keyed table, once', async () => {
    expect(await ensurePartitions(db, '2030-12-31', '2031-01-01')).toBe(8);
    expect(await ensurePartitions(db, '2030-12-01', '2031-01-31')).toBe(0);
    const names = (await boundsOf('%_203%')).map(({ name }) => name);
    expect(names).toEqual([
      'account_days_2030_12',
      'account_days_2031_01',
      'post_readings_2030_12',
      'post_readings_2031_01',
      'profile_readings_2030_12',
      'profile_readings_2031_01',
      'video_days_2030_12',
      'video_days_2031_01',
    ]);
  });

  it.each(['Pacific/Kiritimati', 'America/Los_Angeles', 'UTC'])(
    'bounds are UTC months in a %s session',
    async (zone) => {
      const year = { 'Pacific/Kiritimati': 2040, 'America/Los_Angeles': 2060, UTC: 2080 }[zone] ?? 0;
      const client = await pool.connect();
      try {
        await client.query(`set timezone = '${zone}'`);
        await client.query('select ensure_month_partitions($1, $2)', [`${year}-12-31`, `${year + 1}-01-01`]);
      } finally {
        await client.query("set timezone = 'UTC'");
        client.release();
      }
      expect(await boundsOf(`profile_readings_${year}%`)).toEqual([
        {
          name: `profile_readings_${year}_12`,
          bounds: `FOR VALUES FROM ('${year}-12-01 00:00:00+00') TO ('${year + 1}-01-01 00:00:00+00')`,
        },
      ]);
      expect(await boundsOf(`account_days_${year}%`)).toEqual([
        { name: `account_days_${year}_12`, bounds: `FOR VALUES FROM ('${year}-12-01') TO ('${year + 1}-01-01')` },
      ]);
    },
  );

  it('two callers at once make each partition once', async () => {
    const made = await Promise.all([
      ensurePartitions(db, '2050-01-01', '2050-06-30'),
      ensurePartitions(db, '2050-01-01', '2050-06-30'),
    ]);
    expect(made.sort((a, b) => a - b)).toEqual([0, 24]);
  });

  it('are made beside open transactions that write to the tables', async () => {
    const writer = await pool.connect();
    try {
      await writer.query('begin');
      await writer.query('insert into account_days (organization_id, account_id, day) values ($1, $1, current_date)', [
        newId(),
      ]);
      expect(await ensurePartitions(db, '2090-01-01', '2090-01-31')).toBe(4);
    } finally {
      await writer.query('rollback');
      writer.release();
    }
  });

  it('have the keys of their parent', async () => {
    const insert = sql`insert into account_days (organization_id, account_id, day) values (${newId()}, ${newId()}, current_date)
      returning organization_id, account_id, day`;
    const { rows } = await insert.execute(db);
    await expect(sql`insert into account_days select * from account_days`.execute(db)).rejects.toThrow(/duplicate key/);
    expect(rows).toHaveLength(1);
  });
});
