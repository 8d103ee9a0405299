import { type Kysely, sql, type Transaction } from 'kysely';
import { RepeatError, repeatable } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import { indexCaptions } from '../../services/captions/index-captions.ts';
import { changeBooks } from '../../services/organization-books/change-books.ts';
import { rebookPostsOfAccount, rebookSharedPosts } from '../../services/shared-posts/rebook-shared-posts.ts';
import { isUnread as nothingRead } from '../../services/profiles/whose-ids.ts';
import { bumpHolders } from '../../services/versions.ts';
import type { AccountRef } from '../account-history.ts';
import { holdFromTheStart, moveStartBack } from '../hold-from-start.ts';
import { rebuildVideo } from '../rebuild-video.ts';
import { replaceBooks } from '../rebuild.ts';
import { openPausesToImported } from './count-pauses.ts';
import { keepLastReadings } from './last-readings.ts';
import { splitRuns } from './split-runs.ts';
import type { Named } from './tracked-account.ts';
import { writePosts } from './write-posts.ts';
import { importSource, isOf, refuseOtherViews, writePostReadings, writeProfileReadings } from './write-readings.ts';

export interface StagedProfile extends Named {
  /** Staged rows. */
  rows: number;
}

interface Holder {
  organizationId: string;
  id: string;
}

/** Who has books about the profile: their days change with its readings. */
interface Holders {
  profileId: number;
  /** Nothing was read of the profile so far. */
  isUnread: boolean;
  accounts: Holder[];
  videos: Holder[];
  /** An organization tracks the profile twice, so its figures are read from readings (docs/adr/0022). */
  hasTwins: boolean;
}

/**
 * Writes down the staged readings of one profile, in one transaction: readings, what is known last, and the books of everybody who
 * holds the profile or a post of it, made anew from all readings. The account's tracking counts as begun at its first imported
 * reading. Run twice, nothing changes. Answers how many readings are new or corrected.
 */
export function applyProfile(db: Kysely<Database>, account: AccountRef, staged: StagedProfile): Promise<number> {
  return repeatable(db, async (trx) => {
    // What a crash takes of it is imported again by the next run; the trail that says it is done waits for the disk.
    await sql`select set_config('statement_timeout', '0', true), set_config('synchronous_commit', 'off', true)`.execute(
      trx,
    );
    await requireStaged(trx, staged);
    const holders = await lockHolders(trx, account);
    const { profileId } = holders;
    let written = 0;
    const write = async (): Promise<void> => {
      written = await writeFacts(trx, holders, staged);
    };
    // The books of an organization are held by one import at a time, so no longer than must be.
    if (!holders.hasTwins) await write();
    const organizationIds = [...new Set(holders.accounts.map((holder) => holder.organizationId))];
    await inChangedBooks(trx, organizationIds, profileId, async () => {
      if (holders.hasTwins) await write();
      await beginAtFirst(trx, account, profileId, staged);
      for (const holder of holders.accounts) {
        await replaceBooks(trx, { organizationId: holder.organizationId, accountId: holder.id });
      }
    });
    for (const holder of holders.accounts) await rebookPostsOfAccount(trx, holder.organizationId, holder.id);
    await rebuildVideos(trx, holders, staged);
    await bumpHolders(trx, profileId);
    return written;
  });
}

/** The staging table is lost when the database crashes: then the file must be read again. */
async function requireStaged(trx: Transaction<Database>, staged: StagedProfile): Promise<void> {
  const { rows } = await sql<{ rows: number }>`
    select count(*) as rows from import_rows s where ${isOf(staged)}`.execute(trx);
  if (rows[0]?.rows !== staged.rows)
    throw new Error('the database has restarted during the import; import the file again');
}

/** Locks whoever holds the profile in the order in which everybody does: accounts, videos, profile. */
async function lockHolders(trx: Transaction<Database>, account: AccountRef): Promise<Holders> {
  const own = await sql<{ profile_id: number }>`
    select profile_id from accounts
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}`.execute(trx);
  const profileId = own.rows[0]?.profile_id;
  if (profileId === undefined) throw new Error(`account ${account.accountId} was deleted during the import`);
  const accounts = await sql<Holder & { is_live: boolean }>`
    select organization_id as "organizationId", account_id as id, deleted_at is null as is_live from accounts
    where profile_id = ${profileId} order by organization_id, account_id for no key update`.execute(trx);
  const videos = await sql<Holder>`
    select organization_id as "organizationId", video_id as id from videos
    where profile_id = ${profileId} order by organization_id, video_id for no key update`.execute(trx);
  const { rows } = await sql`select from profiles where profile_id = ${profileId} for no key update`.execute(trx);
  const isUnread = await nothingRead(trx, profileId);
  const isOwn = accounts.rows.some((holder) => holder.id === account.accountId);
  if (rows.length === 0 || !isOwn) throw new RepeatError('a profile was merged into another one');
  const live = accounts.rows.filter((holder) => holder.is_live).map((holder) => holder.organizationId);
  return {
    profileId,
    isUnread,
    accounts: accounts.rows,
    videos: videos.rows,
    hasTwins: new Set(live).size < live.length,
  };
}

async function writeFacts(trx: Transaction<Database>, holders: Holders, staged: StagedProfile): Promise<number> {
  const { profileId, isUnread } = holders;
  await writePosts(trx, holders, staged);
  if (!isUnread) await splitRuns(trx, profileId, staged);
  const written =
    (await writeProfileReadings(trx, profileId, staged)) + (await writePostReadings(trx, holders, staged));
  if (!isUnread) await refuseOtherViews(trx, profileId, staged);
  await keepLastReadings(trx, profileId, staged);
  return written;
}

/** Inside the books of all these organizations at once: each must know its days as they were before any reading was added. */
async function inChangedBooks(
  trx: Transaction<Database>,
  organizationIds: readonly string[],
  profileId: number,
  work: () => Promise<void>,
): Promise<void> {
  const [first, ...others] = organizationIds;
  if (first === undefined) return work();
  await changeBooks(trx, first, { profileId }, () => inChangedBooks(trx, others, profileId, work));
}

interface Begun {
  first_at: Date;
  first_refresh_at: Date | null;
  last_refresh_at: Date | null;
  is_limited: boolean;
  post_ids: number[];
}

async function beginAtFirst(
  trx: Transaction<Database>,
  account: AccountRef,
  profileId: number,
  staged: StagedProfile,
): Promise<void> {
  const isAccount = sql`a.organization_id = ${account.organizationId} and a.account_id = ${account.accountId}`;
  const { rows } = await sql<Begun>`
    select t.*, (a.max_recent_posts_per_account is not null or o.max_recent_posts_per_account is not null
      or a.post_lookback_days is not null or o.post_lookback_days is not null) as is_limited,
      coalesce((select array_agg(p.post_id) from posts p where p.profile_id = ${profileId} and p.external_id in (
        select s.external_id from import_rows s where ${isOf(staged)})), '{}') as post_ids
    from accounts a join organizations o using (organization_id), (
      select min(s.read_at) as first_at, min(s.read_at) filter (where s.external_id is null) as first_refresh_at,
        max(s.read_at) filter (where s.external_id is null) as last_refresh_at
      from import_rows s where ${isOf(staged)}
    ) t where ${isAccount}`.execute(trx);
  const [begun] = rows;
  if (begun === undefined) return;
  await openPausesToImported(trx, account, staged);
  const { first_refresh_at: firstRefreshAt, last_refresh_at: lastRefreshAt } = begun;
  await moveStartBack(trx, account, { startAt: begun.first_at, firstRefreshAt, lastRefreshAt });
  await sql`
    update accounts a set source = coalesce(a.source, ${importSource}) where ${isAccount}`.execute(trx);
  await holdFromTheStart(trx, account, { isLimited: begun.is_limited, pastIds: begun.post_ids });
}

/** Posts of the profile that somebody tracks on their own. */
async function rebuildVideos(trx: Transaction<Database>, holders: Holders, staged: StagedProfile): Promise<void> {
  if (holders.videos.length === 0) return;
  const { rows } = await sql<{ organization_id: string; video_id: string; post_id: number; external_id: string }>`
    select v.organization_id, v.video_id, v.post_id, v.external_id from videos v
    where v.profile_id = ${holders.profileId} and v.video_id = any(${holders.videos.map((holder) => holder.id)}::uuid[])
      and v.external_id in (select s.external_id from import_rows s where ${isOf(staged)})
    order by v.organization_id, v.video_id`.execute(trx);
  for (const row of rows) {
    await rebuildVideo(trx, { organizationId: row.organization_id, videoId: row.video_id });
  }
  await indexCaptions(trx, holders.profileId, [...new Set(rows.map((row) => row.post_id))]);
  for (const [organizationId, posts] of Map.groupBy(rows, (row) => row.organization_id)) {
    const externalIds = posts.map((post) => post.external_id);
    await rebookSharedPosts(trx, { organizationIds: [organizationId], platform: staged.platform, externalIds });
  }
}
