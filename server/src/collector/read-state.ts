import { type Kysely, sql } from 'kysely';
import type { CounterColumns } from '../database/columns.ts';
import type { Database } from '../database/tables.ts';
import { counterNames } from '../metrics/counters.ts';
import { countersOfRow } from '../services/posts/counters-of-row.ts';
import type { Precision, ViewKind } from '../sources/source.ts';
import type { Holding } from './plan-account.ts';
import type { KnownPost } from './plan-posts.ts';
import type { PostFacts } from './post-facts.ts';
import type { Tracker } from './tracker.ts';

export const counterList = sql.raw(counterNames.join(', '));
const heldCounters = sql.raw(counterNames.map((name) => `v.${name}`).join(', '));

/** A post as it is stored. */
export type StoredPost = KnownPost & PostFacts;

interface PostRow extends CounterColumns {
  post_id: number;
  external_id: string;
  create_time: Date | null;
  media_type: PostFacts['mediaType'];
  view_kind: ViewKind | null;
  unread: number;
  keeps_every_reading: boolean;
  precision: Precision | null;
  source: string | null;
  read_at: Date | null;
  confirmed_at: Date | null;
}

/** The posts of a profile among `externalIds` that are in the database, by external id. */
export async function loadPosts(
  trx: Kysely<Database>,
  profileId: number,
  externalIds: readonly string[],
): Promise<Map<string, StoredPost>> {
  if (externalIds.length === 0) return new Map();
  const { rows } = await sql<PostRow>`
    select post_id, external_id, create_time, media_type, view_kind, ${counterList},
           unread, keeps_every_reading, precision, source, read_at, confirmed_at
    from posts where profile_id = ${profileId} and external_id = any(${externalIds}::text[])`.execute(trx);
  return new Map(
    rows.map((row) => [
      row.external_id,
      {
        postId: row.post_id,
        externalId: row.external_id,
        createTime: row.create_time,
        mediaType: row.media_type,
        viewKind: row.view_kind,
        known: countersOfRow(row),
        unread: row.unread,
        keepsEveryReading: row.keeps_every_reading,
        precision: row.precision,
        source: row.source,
        readAt: row.read_at,
        confirmedAt: row.confirmed_at,
      },
    ]),
  );
}

interface HoldingRow extends CounterColumns {
  account_id: string;
  account_video_id: string;
  post_id: number;
  counts_from_zero: boolean;
}

/** What each tracker holds of the given posts: account id → post id → holding. */
export async function loadHoldings(
  trx: Kysely<Database>,
  trackers: readonly Tracker[],
  postIds: readonly number[],
): Promise<Map<string, Map<number, Holding>>> {
  const byAccount = new Map<string, Map<number, Holding>>();
  if (trackers.length === 0 || postIds.length === 0) return byAccount;
  const { rows } = await sql<HoldingRow>`
    select v.account_id, v.account_video_id, v.post_id, v.counts_from_zero,
           ${heldCounters}
    from unnest(${trackers.map((t) => t.organizationId)}::uuid[], ${trackers.map((t) => t.accountId)}::uuid[])
           as t(organization_id, account_id)
    join account_videos v using (organization_id, account_id)
    where v.post_id = any(${postIds}::bigint[])`.execute(trx);
  for (const row of rows) {
    const holdings = byAccount.get(row.account_id) ?? new Map<number, Holding>();
    holdings.set(row.post_id, {
      accountVideoId: row.account_video_id,
      known: countersOfRow(row),
      countsFromZero: row.counts_from_zero,
    });
    byAccount.set(row.account_id, holdings);
  }
  return byAccount;
}
