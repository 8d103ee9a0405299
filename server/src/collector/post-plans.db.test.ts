import { sql } from 'kysely';
import { beforeAll, expect, test } from 'vitest';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { watchPlans } from '../../test/support/plans.ts';
import { newId } from '../database/ids.ts';
import { lockClaimedPost } from './claim-post.ts';
import { requireSameVideos } from './lock-to-record.ts';
import { claimDue, nextDue, releaseClaims } from './schedule.ts';
import { lockVideos } from './tracked-video.ts';
import { lockTrackers } from './tracker.ts';
import { videoHistory } from './video-history.ts';

// What a collector asks at every look and every refresh must not cost more with every post that somebody tracks.
const { db, pool } = await testDatabase();
const { organizationId, projectId } = await createOrganization(db);
const { db: watched, plansOf } = watchPlans(pool);
const now = new Date('2026-03-02T09:00:00Z');

beforeAll(async () => {
  const id = sql`('00000000-0000-7000-8000-' || lpad(to_hex(i), 12, '0'))::uuid`;
  await sql`
    insert into profiles (profile_id, platform, username, created_at)
    overriding system value select i, 'instagram', 'author' || i, now() from generate_series(1, 5000) i`.execute(db);
  await sql`
    insert into profile_identities (platform, id_space, platform_profile_id, profile_id)
    select 'instagram', 'platform', i::text, i from generate_series(1, 5000) i`.execute(db);
  await sql`
    insert into posts (profile_id, post_id, external_id, first_seen_at, updated_at)
    select i % 5000 + 1, i, i::text, now(), now() from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into tracked_posts (platform, external_id, profile_id, post_id, interval_hours, due_at, last_attempt_at, created_at)
    select 'instagram', i::text, i % 5000 + 1, i, 24, ${now}::timestamptz + (i - 10) * interval '1 minute',
      case when i > 5 then ${now}::timestamptz end, now()
    from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into videos (organization_id, video_id, project_id, platform, external_id, profile_id, post_id, scrape_interval_hours,
      added_at, counted_from, updated_at)
    select ${organizationId}, ${id}, ${projectId}, 'instagram', i::text, i % 5000 + 1, i, 24, ${now}, ${now}, ${now}
    from generate_series(1, 20000) i`.execute(db);
  await sql`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, scrape_interval_hours, added_at, counted_from)
    select ${organizationId}, ${id}, ${projectId}, i, 'instagram', 'author' || i, 24, ${now}, ${now} from generate_series(1, 5000) i`.execute(
    db,
  );
  await sql`
    insert into video_pauses (organization_id, video_id, started_at, reason)
    select organization_id, video_id, ${now}, 'paused' from videos`.execute(db);
  await sql`analyze`.execute(db);
});

const collectorId = newId();
const claim = { platform: 'instagram', externalId: '77', claimId: newId() } as const;
const small = new Set(['collectors', 'organizations', 'projects']);

test.each<[string, () => Promise<unknown>]>([
  ['claiming what is due', () => claimDue(watched, { collectorId, now, limit: 8 })],
  ['when the next is due', () => nextDue(watched)],
  ['handing back all claims of a collector', () => releaseClaims(watched, collectorId)],
  ['the claim of a post', () => lockClaimedPost(watched, claim)],
  ['who looks at a profile, and whether its posts are tracked', () => lockTrackers(watched, 77, ['76', '5076'])],
  ['who looks at posts of a profile', () => lockVideos(watched, 'instagram', ['76', '5076'])],
  ['who looks at a post', () => requireSameVideos(watched, claim, []).catch(() => undefined)],
  [
    'the history of a video',
    () => videoHistory(watched, { organizationId, videoId: '00000000-0000-7000-8000-00000000004d' }),
  ],
])('%s walks indexes', async (_, work) => {
  const plans = await plansOf(work);
  expect(plans.length).toBeGreaterThan(0);
  const scanned = plans
    .flat()
    .flatMap((node) => (node['Node Type'] === 'Seq Scan' ? [node['Relation Name'] ?? ''] : []));
  expect(scanned.filter((table) => !small.has(table) && !/_\d{4}_\d\d$/.test(table))).toEqual([]);
});
