import { expect, it } from 'vitest';
import { emptyTestDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { migrateBefore } from '../../test/support/migrate-before.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { migrate } from './migrate.ts';

const { db, pool } = await emptyTestDatabase();

it('migration 7 finds the posts that an organization holds through several profiles', async () => {
  await migrateBefore(pool, '0007');
  const [one, other] = [await createOrganization(db), await createOrganization(db)];
  const idOf = (n: number) => `00000000-0000-7000-8000-00000000000${n}`;
  const posts = [
    // Post 3 shows what post 2 shows, to one organization; 5 what 4 shows, to two; 1 is held twice in one feed.
    [1, 'a', 1, one],
    [2, 'b', 1, one],
    [3, 'b', 2, one],
    [4, 'c', 1, one],
    [5, 'c', 3, other],
  ] as const;
  for (const [postId, externalId, profileId, { organizationId, projectId }] of posts) {
    const accountId = idOf(profileId);
    await pool.query(
      `insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at, counted_from)
      values ($1, $2, $3, $4::bigint, 'instagram', 'user' || $4::bigint, 24, now(), now()) on conflict do nothing`,
      [organizationId, accountId, projectId, profileId],
    );
    await pool.query(
      'insert into posts (profile_id, post_id, external_id, first_seen_at, updated_at) values ($1, $2, $3, now(), now())',
      [profileId, postId, externalId],
    );
    await pool.query(
      `insert into account_videos (organization_id, account_video_id, account_id, profile_id, post_id, external_id, platform, added_at, counts_from_zero)
      values ($1, $2, $3, $4, $5, $6, 'instagram', now(), false)`,
      [organizationId, idOf(postId), accountId, profileId, postId, externalId],
    );
  }
  await pool.query(
    `insert into videos (organization_id, video_id, project_id, platform, external_id, profile_id, post_id, scrape_interval_hours, added_at, counted_from, updated_at)
    values ($1, $2, $3, 'instagram', 'a', 1, 1, 24, now(), now(), now())`,
    [one.organizationId, idOf(9), one.projectId],
  );
  await migrate(pool, silentLogger);
  const { rows } = await pool.query('select post_id from posts where keeps_every_reading order by post_id');
  expect(rows).toEqual([{ post_id: 2 }, { post_id: 3 }]);
});
