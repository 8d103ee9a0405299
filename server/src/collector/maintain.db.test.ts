import { expect, it } from 'vitest';
import { testClock } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { maintain } from './maintain.ts';

const { db } = await testDatabase();

it('housekeeping forgets what was refused, after the days that are set', async () => {
  const clock = testClock('2026-03-31T00:00:00Z');
  const refusal = { profile_id: 1, refused_at: clock.now(), source: 'a', reason: 'odd', excerpt: '{}' };
  await db
    .insertInto('refused_readings')
    .values(['2026-03-20', '2026-03-22'].map((day) => ({ ...refusal, kept_at: new Date(day) })))
    .execute();
  const left = () => db.selectFrom('refused_readings').select('kept_at').execute();
  const deps = { db, clock, logger: silentLogger };
  await maintain({ ...deps, retention: { deletedDays: undefined, refusedDays: undefined } });
  expect(await left()).toHaveLength(2);
  await maintain({ ...deps, retention: { deletedDays: undefined, refusedDays: 10 } });
  expect(await left()).toEqual([{ kept_at: new Date('2026-03-22') }]);
});
