import { type Kysely, type RawBuilder, sql } from 'kysely';
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
// What a reading does not give leaves standing what is known.
const knownCounters = sql.raw(counterNames.map((name) => `${name} = coalesce(u.${name}, p.${name})`).join(', '));
export const counterAssignments = sql.raw(counterNames.map((name) => `${name} = u.${name}`).join(', '));

const toldTypes = {
  shortcode: 'text',
  caption: 'text',
  duration_seconds: 'real',
  cover_image_url: 'text',
  video_url: 'text',
};
// What a source does not say (a reel list without captions) does not erase what another reading said.
const toldColumns = sql.raw(
  Object.keys(toldTypes)
    .map((name) => `${name} = coalesce(u.${name}, p.${name})`)
    .join(', '),
);

const postTypes = {
  external_id: 'text',
  create_time: 'timestamptz',
  media_type: 'text',
  ...toldTypes,
  view_kind: 'text',
  unread: 'smallint',
  precision: 'text',
  ...counterTypes,
};

function postColumns(planned: PlannedPost, counters: Counters): Record<string, unknown> {
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
    ...counterColumns(counters),
  };
}

// Of a new post, nothing is known but what was read.
const newRows = (planned: readonly PlannedPost[]): Record<string, unknown>[] =>
  planned.flatMap((entry) => (entry.postId === null ? [postColumns(entry, entry.known)] : []));

/** Inserts the posts that are not in the database yet; answers their ids by external id. */
export async function insertPosts(
  trx: Kysely<Database>,
  profileId: number,
  planned: readonly PlannedPost[],
  moment: Moment,
): Promise<Map<string, number>> {
  const rows = newRows(planned);
  return rows.length === 0 ? new Map() : idsOf(trx, insertion(profileId, unnest(rows, postTypes), moment));
}

/** The same with their first reading. One statement: its rows cross the wire once. */
export async function insertReadPosts(
  trx: Kysely<Database>,
  profileId: number,
  planned: readonly PlannedPost[],
  moment: Moment,
): Promise<Map<string, number>> {
  const rows = newRows(planned);
  if (rows.length === 0) return new Map();
  const statement = sql<PostId>`
    with u as materialized (
      select * from ${unnest(rows, postTypes)}
    ), inserted as (
      ${insertion(profileId, sql`u`, moment)}
    ), readings as (
      insert into post_readings (profile_id, post_id, read_at, confirmed_at, ${counterList}, precision, source)
      select ${profileId}, i.post_id, ${moment.readAt}::timestamptz, ${moment.readAt}::timestamptz, ${newCounters},
        u.precision, ${moment.source}
      from inserted i join u using (external_id)
    )
    select external_id, post_id from inserted`;
  return idsOf(trx, statement);
}

interface PostId {
  external_id: string;
  post_id: number;
}

const insertion = (profileId: number, u: RawBuilder<unknown>, { readAt, source }: Moment): RawBuilder<PostId> => sql`
  insert into posts (profile_id, external_id, shortcode, create_time, caption, media_type, duration_seconds, cover_image_url,
    video_url, view_kind, unread, precision, ${counterList}, source, read_at, confirmed_at, first_seen_at, updated_at)
  select ${profileId}, u.external_id, u.shortcode, u.create_time, u.caption, u.media_type, u.duration_seconds, u.cover_image_url,
    u.video_url, u.view_kind, u.unread, u.precision, ${newCounters}, ${source}, ${readAt}::timestamptz,
    ${readAt}::timestamptz, ${readAt}::timestamptz, ${readAt}::timestamptz
  from ${u}
  returning external_id, post_id`;

async function idsOf(trx: Kysely<Database>, statement: RawBuilder<PostId>): Promise<Map<string, number>> {
  const { rows } = await statement.execute(trx);
  return new Map(rows.map((row) => [row.external_id, row.post_id]));
}

/**
 * Writes what was read of posts that were in the database before: extends open runs, closes those that ended, and appends
 * new rows of readings. Answers the posts whose caption or time changed.
 */
export async function writePostReadings(
  trx: Kysely<Database>,
  profileId: number,
  planned: readonly PlannedPost[],
  moment: Moment,
): Promise<number[]> {
  const known = planned.flatMap((entry) => (entry.postId === null ? [] : [{ ...entry, postId: entry.postId }]));
  const continued = known.filter((entry) => entry.continues);
  const appended = known.filter((entry) => !entry.continues);
  if (known.length === 0) return [];
  // Parts of one statement, each with rows of its own.
  const parts = [
    ...(continued.length > 0 ? [extension(profileId, continued, moment)] : []),
    ...closings(profileId, appended),
    ...(appended.length > 0 ? [changes(profileId, appended, moment), appending(profileId, moment)] : []),
  ];
  const told = [
    ...(continued.length > 0 ? [sql`select post_id, is_retold from continued`] : []),
    ...(appended.length > 0 ? [sql`select post_id, is_retold from changed`] : []),
  ];
  const { rows } = await sql<{ post_id: number }>`
    with ${sql.join(parts)}
    select post_id from (${sql.join(told, sql` union all `)}) told where is_retold`.execute(trx);
  return rows.map((row) => row.post_id);
}

type WithId = PlannedPost & { postId: number };

/** The counters stand still; what else the source says of these posts may have changed: captions are edited, addresses expire. */
function extension(profileId: number, continued: readonly WithId[], { readAt }: Moment): RawBuilder<unknown> {
  const rows = continued.map(({ postId, post }) => ({
    post_id: postId,
    shortcode: post.shortcode,
    caption: post.caption,
    duration_seconds: post.durationSeconds,
    cover_image_url: post.coverImageUrl,
    video_url: post.videoUrl,
  }));
  const isEdited = sql`u.caption is distinct from p.caption and u.caption is not null`;
  return sql`
    continued as (
      update posts p set confirmed_at = ${readAt}, is_removed = false, ${toldColumns},
        updated_at = case when ${isEdited} then ${readAt}::timestamptz else p.updated_at end
      from ${unnest(rows, { post_id: 'bigint', ...toldTypes })} join posts before using (post_id)
      where p.profile_id = ${profileId} and p.post_id = u.post_id and before.profile_id = ${profileId}
      returning p.post_id, p.caption is distinct from before.caption as is_retold
    )`;
}

function closings(profileId: number, appended: readonly WithId[]): RawBuilder<unknown>[] {
  const rows = appended.flatMap(({ postId, closes }) =>
    closes ? [{ post_id: postId, read_at: closes.readAt, confirmed_at: closes.confirmedAt }] : [],
  );
  if (rows.length === 0) return [];
  // The constant bounds let the planner leave out the partitions of other months.
  const times = rows.map((row) => row.read_at.getTime());
  return [
    sql`closed as (
      update post_readings r set confirmed_at = u.confirmed_at
      from ${unnest(rows, { post_id: 'bigint', read_at: 'timestamptz', confirmed_at: 'timestamptz' })}
      where r.profile_id = ${profileId} and r.post_id = u.post_id and r.read_at = u.read_at
        and r.read_at between ${new Date(Math.min(...times))} and ${new Date(Math.max(...times))}
    )`,
  ];
}

function changes(profileId: number, appended: readonly WithId[], { readAt, source }: Moment): RawBuilder<unknown> {
  const rows = appended.map((entry) => ({ post_id: entry.postId, ...postColumns(entry, entry.read) }));
  return sql`
    u as materialized (
      select * from ${unnest(rows, { post_id: 'bigint', ...postTypes })}
    ), changed as (
      update posts p set
        ${toldColumns}, create_time = coalesce(p.create_time, u.create_time), media_type = coalesce(u.media_type, p.media_type),
        view_kind = u.view_kind, unread = u.unread, precision = u.precision, ${knownCounters}, is_removed = false,
        source = ${source}, read_at = ${readAt}, confirmed_at = ${readAt}, updated_at = ${readAt}
      from u join posts before using (post_id)
      where p.profile_id = ${profileId} and p.post_id = u.post_id and before.profile_id = ${profileId}
      returning p.post_id, (p.caption, p.create_time) is distinct from (before.caption, before.create_time) as is_retold
    )`;
}

const appending = (profileId: number, { readAt, source }: Moment) => sql`
  readings as (
    insert into post_readings (profile_id, post_id, read_at, confirmed_at, ${counterList}, precision, source)
    select ${profileId}, u.post_id, ${readAt}::timestamptz, ${readAt}::timestamptz, ${newCounters}, u.precision, ${source}
    from u
  )`;
