import { type Kysely, type RawBuilder, sql } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { counterNames } from '../metrics/counters.ts';
import { utcDay, wholeSecond } from '../metrics/runs.ts';
import type { ClaimedProfile } from './claim.ts';
import type { Observation } from './observation.ts';
import type { PlannedAccount } from './plan-account.ts';
import type { PlannedProfile } from './plan-profile.ts';
import { daySums, gainColumns, gainList, gainTypes, newGains, plus } from './write-gains.ts';
import { counterAssignments, counterColumns, counterTypes } from './write-posts.ts';

/** Writes one refresh into the books of every account that looks at the profile. */
export async function writeAccounts(
  trx: Kysely<Database>,
  profile: ClaimedProfile,
  accounts: readonly PlannedAccount[],
  planned: PlannedProfile,
  observation: Observation,
  readAt: Date,
): Promise<void> {
  if (accounts.length === 0) return;
  await addHoldings(trx, profile, accounts, readAt);
  const books = [...changedHoldings(accounts), addedDays(accounts, planned.read[0] ?? null, readAt)];
  await updateAccounts(trx, books, accounts, planned, observation, readAt);
}

/** Writes the reading of a post on its own into the books of the accounts that hold the post. Their profile was not read. */
export async function writeAccountsOfPost(
  trx: Kysely<Database>,
  accounts: readonly PlannedAccount[],
  readAt: Date,
): Promise<void> {
  if (accounts.length === 0) return;
  const books = [...changedHoldings(accounts), addedDays(accounts, null, readAt)];
  const rows = accounts.map(({ tracker, sumChanges }) => ({
    organization_id: tracker.organizationId,
    account_id: tracker.accountId,
    ...counterColumns(sumChanges),
  }));
  await sql`
    with ${sql.join(books)}
    update accounts a set ${accountSums}
    from ${unnest(rows, { organization_id: 'uuid', account_id: 'uuid', ...counterTypes })}
    where a.organization_id = u.organization_id and a.account_id = u.account_id`.execute(trx);
}

const holdingTypes = {
  organization_id: 'uuid',
  account_video_id: 'uuid',
  account_id: 'uuid',
  post_id: 'bigint',
  external_id: 'text',
  create_time: 'timestamptz',
  media_type: 'text',
  counts_from_zero: 'boolean',
  ...counterTypes,
};

const accountSums = sql.raw(counterNames.map((name) => plus(name, 'a', 'u')).join(', '));

async function addHoldings(
  trx: Kysely<Database>,
  profile: ClaimedProfile,
  accounts: readonly PlannedAccount[],
  readAt: Date,
): Promise<void> {
  const rows = accounts.flatMap(({ tracker, added }) =>
    added.map((entry) => ({
      organization_id: tracker.organizationId,
      account_video_id: newId(),
      account_id: tracker.accountId,
      post_id: entry.post.postId,
      external_id: entry.post.post.externalId,
      create_time: entry.post.post.createTime,
      media_type: entry.post.post.mediaType,
      counts_from_zero: entry.countsFromZero,
      ...counterColumns(entry.known),
    })),
  );
  if (rows.length === 0) return;
  await sql`
    insert into account_videos (${sql.raw(Object.keys(holdingTypes).join(', '))}, profile_id, platform, added_at)
    select u.*, ${profile.profileId}, ${profile.platform}, ${readAt}::timestamptz from ${unnest(rows, holdingTypes)}`.execute(
    trx,
  );
}

/** Part of a statement: what accounts know of the posts that they held before. */
function changedHoldings(accounts: readonly PlannedAccount[]): RawBuilder<unknown>[] {
  const rows = accounts.flatMap(({ tracker, changed }) =>
    changed.map((entry) => ({
      organization_id: tracker.organizationId,
      account_video_id: entry.accountVideoId,
      ...counterColumns(entry.known),
    })),
  );
  if (rows.length === 0) return [];
  return [
    sql`changed as (
      update account_videos v set ${counterAssignments}
      from ${unnest(rows, { organization_id: 'uuid', account_video_id: 'uuid', ...counterTypes })}
      where v.organization_id = u.organization_id and v.account_video_id = u.account_video_id
    )`,
  ];
}

/** Part of a statement: what the accounts gained, added to their days. */
function addedDays(accounts: readonly PlannedAccount[], followers: number | null, readAt: Date): RawBuilder<unknown> {
  const rows = accounts.map(({ tracker, gains }) => ({
    organization_id: tracker.organizationId,
    account_id: tracker.accountId,
    followers,
    ...gainColumns(gains),
  }));
  return sql`days as (
    insert into account_days as d (organization_id, account_id, day, ${gainList}, followers, followers_before, followers_gained)
    select u.organization_id, u.account_id, ${utcDay(readAt)}::date, ${newGains}, u.followers, b.followers,
      u.followers - coalesce(b.followers, u.followers)
    from ${unnest(rows, { organization_id: 'uuid', account_id: 'uuid', followers: 'bigint', ...gainTypes })}
    left join lateral (
      select e.followers from account_days e
      where e.organization_id = u.organization_id and e.account_id = u.account_id and e.day < ${utcDay(readAt)}::date
        and e.followers is not null and u.followers is not null
      order by e.day desc limit 1
    ) b on true
    on conflict (organization_id, account_id, day) do update set
      ${daySums}, followers = coalesce(excluded.followers, d.followers),
      followers_before = coalesce(d.followers_before, excluded.followers_before),
      followers_gained = case when d.followers is null then excluded.followers_gained
        else d.followers_gained + coalesce(excluded.followers - d.followers, 0) end
  )`;
}

async function updateAccounts(
  trx: Kysely<Database>,
  books: readonly RawBuilder<unknown>[],
  accounts: readonly PlannedAccount[],
  planned: PlannedProfile,
  observation: Observation,
  readAt: Date,
): Promise<void> {
  const rows = accounts.map(({ tracker, sumChanges, added }) => ({
    organization_id: tracker.organizationId,
    account_id: tracker.accountId,
    added: added.length,
    ...counterColumns(sumChanges),
  }));
  const scrapedAt = wholeSecond(readAt);
  const isComplete = observation.incomplete === null;
  const [followers, following, posts] = planned.known;
  const { profile: seen } = observation;
  await sql`
    with ${sql.join(books)}
    update accounts a set ${accountSums}, total_post_count = a.total_post_count + u.added,
      first_scrape_time = case when ${isComplete} then coalesce(a.first_scrape_time, ${scrapedAt}::timestamptz) else a.first_scrape_time end,
      last_scrape_time = case when ${isComplete} then ${scrapedAt}::timestamptz else a.last_scrape_time end,
      source = ${observation.source}, name = ${seen.name}, description = ${seen.description}, link_in_bio = ${seen.linkInBio},
      profile_pic_url = coalesce(${seen.profilePicUrl}, a.profile_pic_url), is_verified = coalesce(${seen.isVerified}, a.is_verified),
      is_unavailable = false, follower_count = ${followers}, following_count = ${following}, profile_post_count = ${posts}
    from ${unnest(rows, { organization_id: 'uuid', account_id: 'uuid', added: 'integer', ...counterTypes })}
    where a.organization_id = u.organization_id and a.account_id = u.account_id`.execute(trx);
}
