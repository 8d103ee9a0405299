import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { counterNames } from '../metrics/counters.ts';
import type { PastRun, PastRuns } from './past-runs.ts';
import type { PlannedPost } from './plan-posts.ts';
import { counterColumns, counterTypes, insertPosts } from './write-posts.ts';

/** Inserts the past posts that nobody has seen yet (deleted since), and answers the ids of all of them by external id. */
export async function insertPastPosts(
  trx: Kysely<Database>,
  profileId: number,
  past: PastRuns,
): Promise<Map<string, number>> {
  const ids = new Map<string, number>();
  const { rows } = await sql<{ external_id: string; post_id: number }>`
    select external_id, post_id from posts
    where profile_id = ${profileId} and external_id = any(${[...past.posts.keys()]}::text[])`.execute(trx);
  for (const row of rows) ids.set(row.external_id, row.post_id);
  for (const [externalId, { post, runs, state }] of past.posts) {
    const last = runs.at(-1);
    if (ids.has(externalId) || last === undefined) continue;
    const planned: PlannedPost = {
      post,
      postId: null,
      read: last.read,
      known: state.known,
      unread: state.unread,
      viewKind: state.viewKind,
      continues: false,
      closes: null,
    };
    const moment = { readAt: last.readAt, runBreakAt: null, source: last.source };
    for (const [id, postId] of await insertPosts(trx, profileId, [planned], moment)) ids.set(id, postId);
    await sql`
      update posts set confirmed_at = ${last.confirmedAt}
      where profile_id = ${profileId} and external_id = ${externalId}`.execute(trx);
  }
  return ids;
}

/** Appends the past rows of readings, of the profile and of its posts. */
export async function insertPastReadings(
  trx: Kysely<Database>,
  profileId: number,
  past: PastRuns,
  postIds: ReadonlyMap<string, number>,
): Promise<void> {
  const times = (run: PastRun) => ({ read_at: run.readAt, confirmed_at: run.confirmedAt });
  const profileRows = past.profile.map((run) => ({
    ...times(run),
    follower_count: run.read[0] ?? null,
    following_count: run.read[1] ?? null,
    post_count: run.read[2] ?? null,
    precision: run.precision,
    source: run.source,
  }));
  const runTypes = { read_at: 'timestamptz', confirmed_at: 'timestamptz', precision: 'text', source: 'text' };
  const levelTypes = { follower_count: 'bigint', following_count: 'bigint', post_count: 'bigint' };
  await sql`
    insert into profile_readings (profile_id, read_at, confirmed_at, precision, source, follower_count, following_count, post_count)
    select ${profileId}, u.* from ${unnest(profileRows, { ...runTypes, ...levelTypes })}`.execute(trx);
  const postRows = [...past.posts].flatMap(([externalId, { runs }]) => {
    const postId = postIds.get(externalId);
    return postId === undefined
      ? []
      : runs.map((run) => ({
          post_id: postId,
          ...times(run),
          precision: run.precision,
          source: run.source,
          ...counterColumns(run.read),
        }));
  });
  if (postRows.length === 0) return;
  await sql`
    insert into post_readings (profile_id, post_id, read_at, confirmed_at, precision, source, ${sql.join(counterNames.map((name) => sql.id(name)))})
    select ${profileId}, u.* from ${unnest(postRows, { post_id: 'bigint', ...runTypes, ...counterTypes })}`.execute(
    trx,
  );
}
