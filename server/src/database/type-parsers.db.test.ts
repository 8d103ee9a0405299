import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';

const { pool } = await testDatabase();

async function read(expression: string): Promise<unknown> {
  const { rows } = await pool.query<{ value: unknown }>(`select ${expression} as value`);
  return rows[0]?.value;
}

describe('values of the pool', () => {
  it.each([
    ["'9007199254740991'::int8", 9007199254740991],
    ["'{1,NULL,-3}'::int8[]", [1, null, -3]],
    ["'0.10'::numeric", '0.10'],
    ["'{0.10,NULL}'::numeric[]", ['0.10', null]],
    ["'2026-03-29'::date", '2026-03-29'],
    ["'{2026-03-29,NULL}'::date[]", ['2026-03-29', null]],
    ["'2026-03-29 02:30:00'::timestamp", new Date('2026-03-29T02:30:00Z')],
    ["'2026-03-29 02:30:00.123+02'::timestamptz", new Date('2026-03-29T00:30:00.123Z')],
    ["'2026-03-29'::date::timestamptz", new Date('2026-03-29T00:00:00Z')],
    ['null::int8', null],
  ])('%s', async (expression, value) => {
    expect(await read(expression)).toEqual(value);
  });

  it('a bigint that would lose digits is refused', async () => {
    await expect(read("'9007199254740993'::int8")).rejects.toThrow(/9007199254740993 is beyond/);
  });

  it('other users of pg keep its own parsers', () => {
    expect(pg.types.getTypeParser(pg.types.builtins.INT8)('1')).toBe('1');
  });
});

it('sessions have limits and work in UTC', async () => {
  expect(await read("current_setting('TimeZone')")).toBe('UTC');
  expect(await read("current_setting('statement_timeout')")).toBe('30s');
  expect(await read("current_setting('idle_in_transaction_session_timeout')")).toBe('30s');
  expect(await read("current_setting('application_name')")).toBe('test');
});
