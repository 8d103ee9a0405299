import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { type CounterName, type Counters, counterNames } from '../metrics/counters.ts';
import type { Moment, PlannedPost } from './plan-posts.ts';
import { counterList } from './read-state.ts';

export const counterTypes = Object.fromEntries(counterNames.map((name) => [name, 'bigint']));

/** Counters under their column names. One shape for all rows: 70 posts of 20 columns are written per refresh. */
export function counterColumns(counters: Counters): Record<CounterName, number | null> {
  return {
    view_count: counters[0] ?? null,
    play_count: counters[1] ?? null,
    like_count: counters[2] ?? null,
    comment_count: counters[3] ?? null,
    share_count: counters[4] ?? null,
    saved_count: counters[5] ?? null,
    fb_play_count: counters[6] ?? null,
    ig_play_count: counters[7] ?? null,
    fb_like_count: counters[8] ?? null,
  };
}

// Fragments of fixed text: one node each, instead of dozens that Kysely would compile anew for every refresh.
const newCounters = sql.raw(counterNames.map((name) => `u.${name}`).join(', '));
export const counterAssignments = sql.raw(counterNames.map((name) => `${name} = u.${name}`).join(', '));

const postTypes = {
  external_id: 'text',
  shortcode: 'text',
  create_time: 'timestamptz',
  caption: 'text',
  media_type: 'text',
  duration_seconds: 'real',
  cover_image_url: 'text',
  video_url: 'text',
  view_kind: 'text',
  unread: 'smallint',
  precision: 'text',
  ...counterTypes,
};

function postColumns(planned: PlannedPost): Record<string, unknown> {
  const { post } = planned;
  return {
    external_id: post.externalId,
    shortcode: post.shortcode,
    create_time: post.createTime,
    caption: post.caption,
    media_type: post.mediaType,
    duration_seconds: post.durationSeconds,
    cover_image_url: post.coverImageUrl,
    video_url: post.videoUrl,
    view_kind: planned.viewKind,
    unread: planned.unread,
    precision: post.precision,
    ...counterColumns(planned.known),
  };
}

/** Inserts the posts that are not in the database yet; answers their ids by external id. */
export async function insertPosts(
  trx: Kysely<Database>,
  profileId: number,
  planned: readonly PlannedPost[],
  moment: Moment,
): Promise<Map<string, number>> {
  const rows = planned.filter((entry) => entry.postId === null).map(postColumns);
  if (rows.length === 0) return new Map();
  const inserted = await sql<{ external_id: string; post_id: number }>`
    insert into posts (profile_id, external_id, shortcode, create_time, caption, media_type, duration_seconds, cover_image_url,
      video_url, view_kind, unread, precision, ${counterList}, source, read_at, confirmed_at, first_seen_at, updated_at)
    select ${profileId}, u.external_id, u.shortcode, u.create_time, u.caption, u.media_type, u.duration_seconds, u.cover_image_url,
      u.video_url, u.view_kind, u.unread, u.precision, ${newCounters}, ${moment.source}, ${moment.readAt}::timestamptz,
      ${moment.readAt}::timestamptz, ${moment.readAt}::timestamptz, ${moment.readAt}::timestamptz
    from ${unnest(rows, postTypes)}
    returning external_id, post_id`.execute(trx);
  return new Map(inserted.rows.map((row) => [row.external_id, row.post_id]));
}

/** Extends open runs, closes those that ended, and appends the new rows of readings. Answers the posts whose caption or time changed. */
export async function writePostReadings(
  trx: Kysely<Database>,
  profileId: number,
  planned: readonly PlannedPost[],
  insertedIds: ReadonlyMap<string, number>,
  moment: Moment,
): Promise<number[]> {
  const withIds = planned.flatMap((entry) => {
    const postId = entry.postId ?? insertedIds.get(entry.post.externalId);
    return postId === undefined ? [] : [{ ...entry, postId, isNew: entry.postId === null }];
  });
  const continued = withIds.filter((entry) => entry.continues);
  const appended = withIds.filter((entry) => !entry.continues);
  if (continued.length > 0) {
    await sql`
      update posts set confirmed_at = ${moment.readAt}, is_removed = false
      where profile_id = ${profileId} and post_id = any(${continued.map((entry) => entry.postId)}::bigint[])`.execute(
      trx,
    );
  }
  await closeRuns(trx, profileId, appended);
  const retold = await updatePosts(
    trx,
    profileId,
    appended.filter((entry) => !entry.isNew),
    moment,
  );
  await appendReadings(trx, profileId, appended, moment);
  return retold;
}

type WithId = PlannedPost & { postId: number };

async function closeRuns(trx: Kysely<Database>, profileId: number, appended: readonly WithId[]): Promise<void> {
  const rows = appended.flatMap((entry) =>
    entry.closes
      ? [{ post_id: entry.postId, read_at: entry.closes.readAt, confirmed_at: entry.closes.confirmedAt }]
      : [],
  );
  if (rows.length === 0) return;
  // The constant bounds let the planner leave out the partitions of other months.
  const times = rows.map((row) => row.read_at.getTime());
  await sql`
    update post_readings r set confirmed_at = u.confirmed_at
    from ${unnest(rows, { post_id: 'bigint', read_at: 'timestamptz', confirmed_at: 'timestamptz' })}
    where r.profile_id = ${profileId} and r.post_id = u.post_id and r.read_at = u.read_at
      and r.read_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}`.execute(trx);
}

async function updatePosts(
  trx: Kysely<Database>,
  profileId: number,
  changed: readonly WithId[],
  moment: Moment,
): Promise<number[]> {
  if (changed.length === 0) return [];
  const rows = changed.map((entry) => ({ post_id: entry.postId, ...postColumns(entry) }));
  // What a source does not say (a reel list without captions) does not erase what another reading said.
  const updated = await sql<{ post_id: number; is_retold: boolean }>`
    update posts p set
      shortcode = coalesce(u.shortcode, p.shortcode), create_time = coalesce(p.create_time, u.create_time),
      caption = coalesce(u.caption, p.caption), media_type = coalesce(u.media_type, p.media_type),
      duration_seconds = coalesce(u.duration_seconds, p.duration_seconds),
      cover_image_url = coalesce(u.cover_image_url, p.cover_image_url), video_url = coalesce(u.video_url, p.video_url),
      view_kind = u.view_kind, unread = u.unread, precision = u.precision, ${counterAssignments}, is_removed = false,
      source = ${moment.source}, read_at = ${moment.readAt}, confirmed_at = ${moment.readAt}, updated_at = ${moment.readAt}
    from ${unnest(rows, { post_id: 'bigint', ...postTypes })} join posts before using (post_id)
    where p.profile_id = ${profileId} and p.post_id = u.post_id and before.profile_id = ${profileId}
    returning p.post_id, (p.caption, p.create_time) is distinct from (before.caption, before.create_time) as is_retold`.execute(
    trx,
  );
  return updated.rows.filter((row) => row.is_retold).map((row) => row.post_id);
}

async function appendReadings(
  trx: Kysely<Database>,
  profileId: number,
  appended: readonly WithId[],
  moment: Moment,
): Promise<void> {
  if (appended.length === 0) return;
  const rows = appended.map((entry) => ({
    post_id: entry.postId,
    precision: entry.post.precision,
    ...counterColumns(entry.read),
  }));
  await sql`
    insert into post_readings (profile_id, post_id, read_at, confirmed_at, ${counterList}, precision, source)
    select ${profileId}, u.post_id, ${moment.readAt}::timestamptz, ${moment.readAt}::timestamptz, ${newCounters},
      u.precision, ${moment.source}
    from ${unnest(rows, { post_id: 'bigint', precision: 'text', ...counterTypes })}`.execute(trx);
}
