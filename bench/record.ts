import { sql } from 'kysely';
import PQueue from 'p-queue';
import { record } from '../server/src/collector/record.ts';
import { newId } from '../server/src/database/ids.ts';
import { ensurePartitions } from '../server/src/database/partitions.ts';
import { createAccount } from '../server/src/services/accounts/create-account.ts';
import { createOrganization } from '../server/src/services/organizations/create-organization.ts';
import type { Observation } from '../server/src/collector/observation.ts';
import { type BareRows, bareUpsert } from './bare/upsert.ts';
import { type BenchDatabase, silent } from './support/database.ts';
import { type Figure, median, throughput } from './support/table.ts';

const profiles = 100;
const postsEach = 50;
const rounds = 5;
const concurrency = 8;
const dayMs = 86_400_000;

/** Rows one refresh of 50 posts in two organizations leaves: posts, readings, holdings, days, accounts, profile and its reading. */
const rowsPerRefresh = postsEach * 4 + 2 + 2 + 2;

/**
 * The record path alone: readings in memory to committed rows and rollups, every counter changed, two organizations on each profile;
 * against bare multi-row upserts of the same rows. Both are measured in turn, round by round.
 */
export async function benchRecord(bench: BenchDatabase): Promise<Figure[]> {
  const { db, pool } = bench.handle;
  const start = new Date('2026-03-01T06:00:00Z');
  await ensurePartitions(db, '2026-02-01', '2026-05-01');
  const second = await createOrganization(
    { actor: { type: 'system', name: 'bench' }, db, clock: { now: () => start }, logger: silent, requestId: 'bench' },
    { name: 'Second' },
  );
  const organizations = [bench.organizationId, second.organizationId];
  const tracked = await trackAll(bench, organizations, start);
  await runRecord(bench, tracked, start, 0);
  const bare = await bareRows(bench, tracked);
  const ours: number[] = [];
  const peers: number[] = [];
  for (let round = 1; round <= rounds; round += 1) {
    const at = new Date(start.getTime() + round * dayMs);
    ours.push(await rate(() => runRecord(bench, tracked, at, round)));
    const later = new Date(at.getTime() + 40 * dayMs);
    peers.push(
      await rate(async () => {
        const queue = new PQueue({ concurrency });
        await queue.addAll(
          bare.map(
            (rows) => () => bareUpsert(pool, { ...rows, readAt: later, views: rows.views.map((v) => v + round) }),
          ),
        );
      }),
    );
  }
  return [throughput('record path, 50 posts, 2 organizations, rows', median(ours), median(peers), 0.3)];
}

async function rate(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return (profiles * rowsPerRefresh * 1000) / (performance.now() - began);
}

async function trackAll(bench: BenchDatabase, organizations: readonly string[], at: Date): Promise<number[]> {
  const ids = new Set<number>();
  for (let i = 0; i < profiles; i += 1) {
    for (const organizationId of organizations) {
      const ctx = {
        actor: { type: 'system', name: 'bench' } as const,
        organizationId,
        db: bench.handle.db,
        clock: { now: () => at },
        logger: silent,
        requestId: 'bench',
      };
      const account = await createAccount(ctx, { platform: 'instagram', username: `record_${i}` });
      const row = await bench.handle.db
        .selectFrom('accounts')
        .select('profile_id')
        .where('organization_id', '=', organizationId)
        .where('account_id', '=', account.account_id)
        .executeTakeFirstOrThrow();
      ids.add(row.profile_id);
    }
  }
  return [...ids];
}

function observation(profileId: number, username: string, round: number): Observation {
  return {
    source: 'bench',
    ids: { bench: String(profileId) },
    profile: {
      platformProfileId: String(profileId),
      username,
      name: 'Bench',
      description: 'A description',
      linkInBio: null,
      profilePicUrl: null,
      isVerified: false,
      isPrivate: false,
      followerCount: 1000 + round,
      followingCount: 10,
      postCount: postsEach,
      precision: 'exact',
    },
    posts: Array.from({ length: postsEach }, (_, n) => ({
      externalId: `${profileId}${1000 + n}`,
      shortcode: null,
      createTime: new Date(Date.UTC(2026, 1, 1 + (n % 27))),
      caption: `Caption number ${n}, as long as many captions are, with #tags and @mentions`,
      mediaType: 'video' as const,
      durationSeconds: 15,
      coverImageUrl: 'https://cdn.example/cover.jpg',
      videoUrl: null,
      isPinned: false,
      viewKind: 'displayed' as const,
      counters: {
        viewCount: 1000 * n + 10 * round,
        playCount: 1000 * n + 10 * round,
        likeCount: 100 * n + round,
        commentCount: n + round,
        shareCount: n + round,
        savedCount: null,
        fbPlayCount: null,
        igPlayCount: null,
        fbLikeCount: null,
      },
      precision: 'exact' as const,
    })),
    refused: [],
    incomplete: null,
    isCut: false,
    elsewhere: null,
  };
}

async function runRecord(bench: BenchDatabase, profileIds: readonly number[], at: Date, round: number): Promise<void> {
  const { db } = bench.handle;
  const claims = profileIds.map((profileId) => ({ profileId, claimId: newId() }));
  await sql`
    update profiles p set claim_id = u.claim_id, claimed_by = u.claim_id, claimed_at = now()
    from unnest(${claims.map((c) => c.profileId)}::bigint[], ${claims.map((c) => c.claimId)}::uuid[]) u(profile_id, claim_id)
    where p.profile_id = u.profile_id`.execute(db);
  const queue = new PQueue({ concurrency });
  await queue.addAll(
    claims.map(
      (claim, i) => () => record(db, { now: () => at }, claim, observation(claim.profileId, `record_${i}`, round)),
    ),
  );
}

async function bareRows(bench: BenchDatabase, profileIds: readonly number[]): Promise<BareRows[]> {
  const { db } = bench.handle;
  return Promise.all(
    profileIds.map(async (profileId) => {
      const { rows } = await sql<{
        organization_id: string;
        account_id: string;
        account_video_id: string;
        post_id: number;
      }>`
        select organization_id, account_id, account_video_id, post_id from account_videos where profile_id = ${profileId}
        order by organization_id, post_id`.execute(db);
      const byAccount = Map.groupBy(rows, (row) => row.account_id);
      const accounts = [...byAccount].map(([accountId, held]) => ({
        organizationId: held[0]?.organization_id ?? '',
        accountId,
        videoIds: held.map((row) => row.account_video_id),
      }));
      const postIds = [...byAccount.values()][0]?.map((row) => row.post_id) ?? [];
      return { profileId, postIds, accounts, readAt: new Date(0), views: postIds.map((_, n) => 1000 * n) };
    }),
  );
}
