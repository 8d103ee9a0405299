import fc from 'fast-check';
import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { unnest } from './unnest.ts';

const { db } = await testDatabase();

describe('rows as unnest', () => {
  it('reach Postgres as they are: any text, null, numbers, times', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('null', 'NULL', '', '"', '\\', '{a,b}', ' a '),
    );
    const row = fc.record({
      words: fc.option(text.map((value) => value.replaceAll('\0', ''))),
      count: fc.option(fc.maxSafeInteger()),
      seconds: fc.option(fc.double({ noNaN: true, noDefaultInfinity: true })),
      at: fc.option(fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true })),
      is_true: fc.option(fc.boolean()),
    });
    const types = {
      words: 'text',
      count: 'bigint',
      seconds: 'double precision',
      at: 'timestamptz',
      is_true: 'boolean',
    };
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 20 }), async (rows) => {
        const result = await sql`select * from ${unnest(rows, types)}`.execute(db);
        expect(result.rows.map((found) => ({ ...(found as object) }))).toEqual(
          rows.map((given) => ({ ...given, seconds: given.seconds === null ? null : given.seconds + 0 })),
        );
      }),
      { numRuns: 200 },
    );
  });
});
