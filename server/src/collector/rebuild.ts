import { type Kysely, sql, type Transaction } from 'kysely';
import type { Logger } from 'pino';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { counterNames } from '../metrics/counters.ts';
import { dayOfNumber } from '../metrics/runs.ts';
import { indexAccountCaptions } from '../services/captions/index-account-captions.ts';
import { changeBooks } from '../services/organization-books/change-books.ts';
import { settleDays } from '../services/organization-books/settle-days.ts';
import { rebookPostsOfAccount } from '../services/shared-posts/rebook-shared-posts.ts';
import { bumpVersion } from '../services/versions.ts';
import {
  type AccountHistory,
  type AccountRef,
  accountHistory,
  boundedTimes,
  type ScrapeTimes,
} from './account-history.ts';
import { allAccounts, allVideos, countHolders } from './all-holders.ts';
import { lastLevels, rebuildFacts } from './rebuild-facts.ts';
import { rebuildSearch } from './rebuild-search.ts';
import { rebuildShared, unsettleAll } from './rebuild-organizations.ts';
import { rebuildVideo } from './rebuild-video.ts';
import { gainColumns, gainList, gainTypes } from './write-gains.ts';
import { counterAssignments, counterColumns, counterTypes } from './write-posts.ts';

/** How many books were made anew. */
export interface Rebuilt {
  accounts: number;
  videos: number;
}

export interface RebuildDeps {
  db: Kysely<Database>;
  logger: Logger;
  onProgress?: (done: number, total: number) => void;
}

/** Makes every rollup anew from readings: day gains, last known counters, sums. Safe beside a running server. */
export async function rebuildRollups({ db, logger, onProgress }: RebuildDeps): Promise<Rebuilt> {
  const total = await countHolders(db);
  await repeatable(db, rebuildFacts);
  const settled = await unsettleAll(db);
  const done = { accounts: 0, videos: 0 };
  const progress = (): void => onProgress?.(done.accounts + done.videos, Math.max(total, done.accounts + done.videos));
  for await (const account of allAccounts(db)) {
    await repeatable(db, (trx) => rebuildAccount(trx, account));
    done.accounts += 1;
    progress();
  }
  for await (const video of allVideos(db)) {
    await repeatable(db, (trx) => rebuildVideo(trx, video));
    done.videos += 1;
    progress();
  }
  await rebuildSearch(db);
  await rebuildShared(db);
  for (const { organizationId, through } of settled) await settleDays(db, organizationId, through);
  logger.info(done, 'rollups rebuilt');
  return done;
}

/**
 * Rebuilds one account's rollups, after `prepare` has changed what they are made from. Holds its row and its profile's, so no
 * refresh writes meanwhile.
 */
export async function rebuildAccount(
  trx: Transaction<Database>,
  account: AccountRef,
  prepare?: () => Promise<void>,
): Promise<void> {
  const { organizationId, accountId } = account;
  const { rows } = await sql<{ profile_id: number }>`
    select profile_id from accounts
    where organization_id = ${organizationId} and account_id = ${accountId} for no key update`.execute(trx);
  if (rows[0] === undefined) return;
  const { profile_id: profileId } = rows[0];
  await sql`select from profiles where profile_id = ${profileId} for no key update`.execute(trx);
  await changeBooks(trx, organizationId, { profileId }, async () => {
    await prepare?.();
    await replaceBooks(trx, account);
  });
  await rebookPostsOfAccount(trx, organizationId, accountId);
  await bumpVersion(trx, [organizationId]);
}

/** Makes an account's rollups anew; its row, its profile's and the organization's books are held, as `rebuildAccount` does. */
export async function replaceBooks(trx: Transaction<Database>, account: AccountRef): Promise<void> {
  await rebuildHoldings(trx, account);
  const history = await accountHistory(trx, account);
  await replaceDays(trx, account, history);
  await replaceHoldings(trx, account, history);
  await replaceSums(trx, account, history);
  await replaceLevels(trx, account, history);
  await boundTimes(trx, account, history);
  await indexAccountCaptions(trx, account.organizationId, account.accountId);
}

/** What of the holdings follows from the posts and from the account itself. */
async function rebuildHoldings(trx: Kysely<Database>, account: AccountRef): Promise<void> {
  const { organizationId, accountId } = account;
  await sql`
    update account_videos v set create_time = p.create_time, media_type = p.media_type
    from posts p
    where v.organization_id = ${organizationId} and v.account_id = ${accountId}
      and p.profile_id = v.profile_id and p.post_id = v.post_id
      and (v.create_time, v.media_type) is distinct from (p.create_time, p.media_type)`.execute(trx);
  await sql`
    update account_videos v set
      counts_from_zero = coalesce(v.create_time >= a.added_at, false), is_hidden = a.deleted_at is not null
    from accounts a
    where a.organization_id = ${organizationId} and a.account_id = ${accountId}
      and v.organization_id = a.organization_id and v.account_id = a.account_id
      and (v.counts_from_zero, v.is_hidden) <> (coalesce(v.create_time >= a.added_at, false), a.deleted_at is not null)`.execute(
    trx,
  );
}

/** The levels as of the account's last own reading; untouched while it has none. */
async function replaceLevels(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  if (history.lastReadAt === null) return;
  await sql`
    update accounts a set (follower_count, following_count, profile_post_count) = (
      select ${lastLevels(sql`r.read_at <= ${history.lastReadAt}`)} from profiles p where p.profile_id = a.profile_id)
    where a.organization_id = ${account.organizationId} and a.account_id = ${account.accountId}`.execute(trx);
}

async function boundTimes(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  const isAccount = sql`organization_id = ${account.organizationId} and account_id = ${account.accountId}`;
  const { rows } = await sql<ScrapeTimes>`
    select first_scrape_time as first, last_scrape_time as last from accounts where ${isAccount}`.execute(trx);
  const { first, last } = boundedTimes(history, rows[0] ?? { first: null, last: null });
  await sql`
    update accounts set first_scrape_time = ${first}::timestamptz, last_scrape_time = ${last}::timestamptz
    where ${isAccount} and (first_scrape_time, last_scrape_time) is distinct from (${first}::timestamptz, ${last}::timestamptz)`.execute(
    trx,
  );
}

const followerTypes = { followers: 'bigint', followers_before: 'bigint', followers_gained: 'bigint' };

async function replaceDays(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  await sql`
    delete from account_days
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}`.execute(trx);
  const rows = [...history.days].map(([day, booked]) => ({
    day: dayOfNumber(day),
    followers: booked.followers,
    followers_before: booked.followersBefore,
    followers_gained: booked.followersGained,
    ...gainColumns(booked.gains),
  }));
  if (rows.length === 0) return;
  await sql`
    insert into account_days (organization_id, account_id, day, followers, followers_before, followers_gained, ${gainList})
    select ${account.organizationId}::uuid, ${account.accountId}::uuid, u.*
    from ${unnest(rows, { day: 'date', ...followerTypes, ...gainTypes })}`.execute(trx);
}

async function replaceHoldings(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  const rows = history.holdings.map((holding) => ({
    account_video_id: holding.accountVideoId,
    ...counterColumns(holding.known),
  }));
  if (rows.length === 0) return;
  const columns = sql.join(counterNames.map((name) => sql.ref(`v.${name}`)));
  const values = sql.join(counterNames.map((name) => sql.ref(`u.${name}`)));
  await sql`
    update account_videos v set ${counterAssignments}
    from ${unnest(rows, { account_video_id: 'uuid', ...counterTypes })}
    where v.organization_id = ${account.organizationId} and v.account_video_id = u.account_video_id
      and (${columns}) is distinct from (${values})`.execute(trx);
}

const neverNull = new Set<string>(counterNames.slice(0, 5));

async function replaceSums(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  const sums = counterNames.map((name, i) => {
    const sum = history.sums[i] ?? (neverNull.has(name) ? 0 : null);
    return sql`${sql.id(name)} = ${sum}`;
  });
  await sql`
    update accounts set ${sql.join(sums)}, total_post_count = ${history.holdings.length}
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}`.execute(trx);
}
