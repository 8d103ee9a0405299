import { type Kysely, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { outsidePausesOf } from '../services/accounts/profile-twins.ts';
import type { AccountRef } from './account-history.ts';

export interface EarlierStart {
  startAt: Date;
  /** The account's first and last refresh in the history that is added; null: none of its profile. */
  firstRefreshAt: Date | null;
  lastRefreshAt: Date | null;
}

/** The account's tracking counts as begun at this moment, if it did not begin earlier. */
export async function moveStartBack(
  trx: Kysely<Database>,
  account: AccountRef,
  { startAt, firstRefreshAt, lastRefreshAt }: EarlierStart,
): Promise<void> {
  await sql`
    update accounts set
      added_at = date_trunc('second', least(added_at, ${startAt}::timestamptz)),
      counted_from = least(counted_from, ${startAt}::timestamptz),
      first_scrape_time = date_trunc('second', least(first_scrape_time, ${firstRefreshAt}::timestamptz)),
      last_scrape_time = date_trunc('second', greatest(last_scrape_time, ${lastRefreshAt}::timestamptz))
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}`.execute(trx);
}

/**
 * Every post that was read since the account's start is held from its first such reading on, whoever caused it; and every post
 * counts from 0 exactly if it was published after the start. An account with limits takes no more posts than `pastIds`.
 */
export async function holdFromTheStart(
  trx: Kysely<Database>,
  account: AccountRef,
  { isLimited, pastIds }: { isLimited: boolean; pastIds: readonly number[] },
): Promise<void> {
  const { rows } = await sql<{
    post_id: number;
    external_id: string;
    create_time: Date | null;
    media_type: string | null;
    added_at: Date;
  }>`
    select p.post_id, p.external_id, p.create_time, p.media_type, first.read_at as added_at
    from accounts a
    join posts p on p.profile_id = a.profile_id
    cross join lateral (
      select r.read_at from post_readings r
      where r.profile_id = p.profile_id and r.post_id = p.post_id and r.read_at >= a.counted_from and ${outsidePausesOf(account)}
      order by r.read_at limit 1
    ) first
    where a.organization_id = ${account.organizationId} and a.account_id = ${account.accountId}
      and (not ${isLimited} or p.post_id = any(${[...pastIds]}::bigint[]) or exists (
        select from account_videos v where v.organization_id = a.organization_id and v.account_id = a.account_id and v.post_id = p.post_id))`.execute(
    trx,
  );
  if (rows.length === 0) return;
  const held = rows.map((row) => ({ account_video_id: newId(), ...row }));
  const types = {
    account_video_id: 'uuid',
    post_id: 'bigint',
    external_id: 'text',
    create_time: 'timestamptz',
    media_type: 'text',
    added_at: 'timestamptz',
  };
  await sql`
    insert into account_videos (account_video_id, post_id, external_id, create_time, media_type, added_at,
      organization_id, account_id, profile_id, platform, counts_from_zero)
    select u.*, a.organization_id, a.account_id, a.profile_id, a.platform, coalesce(u.create_time >= a.added_at, false)
    from ${unnest(held, types)}, accounts a
    where a.organization_id = ${account.organizationId} and a.account_id = ${account.accountId}
    on conflict (organization_id, post_id, account_id) do update set
      added_at = least(account_videos.added_at, excluded.added_at),
      create_time = coalesce(account_videos.create_time, excluded.create_time),
      counts_from_zero = excluded.counts_from_zero`.execute(trx);
}
