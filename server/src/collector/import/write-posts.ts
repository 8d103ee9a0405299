import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unknownCounters, unreadMask } from '../../metrics/counters.ts';
import { shortcodeFromPk } from '../../sources/instagram-ids.ts';
import type { PlannedPost } from '../plan-posts.ts';
import { insertPosts } from '../write-posts.ts';
import type { Named } from './tracked-account.ts';
import { importSource, isOf } from './write-readings.ts';

const postsAtOnce = 2_000;

interface NewPost {
  external_id: string;
  first_read_at: Date;
  create_time: Date | null;
  caption: string | null;
  has_views: boolean;
}

/** What the file says of the profile's posts: the latest caption, the posting time, when the post was read first and last. */
const told = (named: Named) => sql`
  select s.external_id, min(s.read_at) as first_read_at, max(s.read_at) as last_read_at, min(s.create_time) as create_time,
    (array_agg(s.caption order by s.read_at desc) filter (where s.caption is not null))[1] as caption,
    bool_or(s.view_count is not null) as has_views
  from import_rows s where ${isOf(named)} and s.external_id is not null group by s.external_id`;

/** Adds the posts that are not known yet, and what the file says of those that are. What was known before stands. */
export async function writePosts(
  trx: Transaction<Database>,
  { profileId, isUnread }: { profileId: number; isUnread: boolean },
  named: Named,
): Promise<void> {
  if (!isUnread) await tellPosts(trx, profileId, named);
  await addPosts(trx, profileId, named);
}

async function tellPosts(trx: Transaction<Database>, profileId: number, named: Named): Promise<void> {
  await sql`
    update posts p set create_time = coalesce(p.create_time, u.create_time),
      caption = case when u.caption is not null and (p.read_at is null or u.last_read_at >= p.read_at) then u.caption
        else coalesce(p.caption, u.caption) end,
      view_kind = coalesce(p.view_kind, case when u.has_views then 'displayed' end)
    from (${told(named)}) u where p.profile_id = ${profileId} and p.external_id = u.external_id`.execute(trx);
}

async function addPosts(trx: Transaction<Database>, profileId: number, named: Named): Promise<void> {
  for (;;) {
    const { rows } = await sql<NewPost>`
      select u.* from (${told(named)}) u where not exists (
        select from posts p where p.profile_id = ${profileId} and p.external_id = u.external_id)
      order by u.first_read_at, u.external_id limit ${postsAtOnce}`.execute(trx);
    const [first] = rows;
    if (first === undefined) return;
    // Its open run is the last of its readings, once these are there: none is earlier than this.
    const moment = { readAt: first.first_read_at, runBreakAt: null, source: importSource };
    await insertPosts(
      trx,
      profileId,
      rows.map((post) => planned(post, named)),
      moment,
    );
    if (rows.length < postsAtOnce) return;
  }
}

/** Its counters come from its readings, once these are there. */
function planned(row: NewPost, { platform }: Named): PlannedPost {
  const post = {
    externalId: row.external_id,
    shortcode: platform === 'instagram' ? shortcodeFromPk(row.external_id) : null,
    createTime: row.create_time,
    caption: row.caption,
    mediaType: null,
    durationSeconds: null,
    coverImageUrl: null,
    videoUrl: null,
    isPinned: false,
    viewKind: row.has_views ? ('displayed' as const) : null,
    counters: noCounters,
    precision: 'exact' as const,
  };
  const nothing = { read: unknownCounters, known: unknownCounters, unread: unreadMask(unknownCounters) };
  return { post, postId: null, ...nothing, viewKind: post.viewKind, continues: false, closes: null };
}

const noCounters = {
  viewCount: null,
  playCount: null,
  likeCount: null,
  commentCount: null,
  shareCount: null,
  savedCount: null,
  fbPlayCount: null,
  igPlayCount: null,
  fbLikeCount: null,
};
