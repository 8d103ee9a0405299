import { expect, it } from 'vitest';
import { emptyTestDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { migrateBefore } from '../../test/support/migrate-before.ts';
import { migrate } from './migrate.ts';

const { pool } = await emptyTestDatabase();

it('migration 3 learns the ids of profiles that were read before, each in its space, and finds twins', async () => {
  await migrateBefore(pool, '0003');
  const profiles = [
    [1, '314', 'scrapecreators'],
    [2, '314', 'sandbox'],
    [3, '314', 'scrapecreators'],
    // Read by Graph last, which gave no id: it is the one that the source before it gave.
    [4, '159', 'instagram_graph'],
    [5, null, null],
  ] as const;
  for (const [id, platformProfileId, source] of profiles) {
    await pool.query(
      `insert into profiles (profile_id, platform, username, platform_profile_id, source, created_at)
      values ($1, 'instagram', $2, $3, $4, now())`,
      [id, `user_${id}`, platformProfileId, source],
    );
  }
  for (const [source, daysAgo] of [
    ['instagram_graph', 0],
    ['sandbox', 1],
    ['scrapecreators', 2],
  ] as const) {
    await pool.query(
      `insert into profile_readings (profile_id, read_at, confirmed_at, precision, source)
      select 4, t, t, 'exact', $1 from (select now() - make_interval(days => $2) as t) x`,
      [source, daysAgo],
    );
  }
  await migrate(pool, silentLogger);
  const { rows: ids } = await pool.query(
    'select id_space, platform_profile_id, profile_id from profile_identities order by profile_id',
  );
  expect(ids).toEqual([
    { id_space: 'platform', platform_profile_id: '314', profile_id: 1 },
    { id_space: 'sandbox', platform_profile_id: '314', profile_id: 2 },
    { id_space: 'sandbox', platform_profile_id: '159', profile_id: 4 },
  ]);
  const { rows: twins } = await pool.query('select profile_id, twin_of from profiles where twin_of is not null');
  expect(twins).toEqual([{ profile_id: 3, twin_of: 1 }]);
});
