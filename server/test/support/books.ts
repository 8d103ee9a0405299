import { type Kysely, sql } from 'kysely';
import type { Database } from '../../src/database/tables.ts';
import { indexCaptions } from '../../src/services/captions/index-captions.ts';

/** Columns that tests set on rows made for them; the rest is made up. */
type Columns = Record<string, string | number | boolean | Date | null>;

export interface Owner {
  organizationId: string;
  projectId: string;
}

const numberPattern = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
let made = 0;

/** A row id that sorts by when it was made. */
export const nextId = (): string => numberPattern((made += 1));

/** An account as if it had been tracked, without any request. */
export async function insertAccount(db: Kysely<Database>, owner: Owner, columns: Columns = {}): Promise<string> {
  const accountId = nextId();
  const trackedSince = new Date('2026-03-01T00:00:00Z');
  const username = `user_${made}`;
  const profile = await sql<{ profile_id: number }>`
    insert into profiles (platform, username, created_at) values ('instagram', ${username}, now())
    returning profile_id`.execute(db);
  await insertRow(db, 'accounts', {
    organization_id: owner.organizationId,
    account_id: accountId,
    project_id: owner.projectId,
    profile_id: profile.rows[0]?.profile_id ?? null,
    platform: 'instagram',
    username,
    scrape_interval_hours: 24,
    added_at: trackedSince,
    counted_from: trackedSince,
    ...columns,
  });
  return accountId;
}

/** A post in an account's feed. `post` are columns of the shared post, `held` those of what the account holds. */
export async function insertAccountVideo(
  db: Kysely<Database>,
  accountId: string,
  held: Columns = {},
  post: Columns = {},
): Promise<string> {
  const account = await sql<{ organization_id: string; profile_id: number; platform: string }>`
    select organization_id, profile_id, platform from accounts where account_id = ${accountId}`.execute(db);
  const [owner] = account.rows;
  if (owner === undefined) throw new Error(`no account ${accountId}`);
  const id = nextId();
  const seen = new Date('2026-03-02T00:00:00Z');
  const { profile_id: profileId } = owner;
  const facts = { profile_id: profileId, external_id: `${made}`, first_seen_at: seen, updated_at: seen, ...post };
  await insertRow(db, 'posts', facts);
  const { rows } = await sql<{ post_id: number }>`select max(post_id) as post_id from posts`.execute(db);
  await insertRow(db, 'account_videos', {
    organization_id: owner.organization_id,
    account_video_id: id,
    account_id: accountId,
    profile_id: profileId,
    post_id: rows[0]?.post_id ?? null,
    external_id: facts.external_id,
    platform: owner.platform,
    added_at: seen,
    counts_from_zero: false,
    ...held,
  });
  await searchable(db, profileId, rows[0]?.post_id);
  return id;
}

/** As the collector leaves a post whose caption is searched. */
async function searchable(db: Kysely<Database>, profileId: number, postId: number | undefined): Promise<void> {
  if (postId !== undefined) await db.transaction().execute((trx) => indexCaptions(trx, profileId, [postId]));
}

/** A day of an account on which something was read. */
export async function insertDay(
  db: Kysely<Database>,
  accountId: string,
  day: string,
  columns: Columns = {},
): Promise<void> {
  const { rows } = await sql<{ organization_id: string }>`
    select organization_id from accounts where account_id = ${accountId}`.execute(db);
  const [owner] = rows;
  if (owner === undefined) throw new Error(`no account ${accountId}`);
  await insertRow(db, 'account_days', {
    organization_id: owner.organization_id,
    account_id: accountId,
    day,
    ...columns,
  });
  await sql`
    update account_days d set followers_before = l.before, followers_gained = d.followers - coalesce(l.before, d.followers)
    from (
      select day, lag(followers) over (order by day) as before from account_days
      where account_id = ${accountId} and followers is not null
    ) l
    where d.account_id = ${accountId} and d.day = l.day`.execute(db);
}

/** A post tracked on its own. */
export async function insertVideo(db: Kysely<Database>, owner: Owner, columns: Columns = {}): Promise<string> {
  const videoId = nextId();
  const trackedSince = new Date('2026-03-01T00:00:00Z');
  await insertRow(db, 'videos', {
    organization_id: owner.organizationId,
    video_id: videoId,
    project_id: owner.projectId,
    platform: 'instagram',
    external_id: `${made}`,
    scrape_interval_hours: 24,
    added_at: trackedSince,
    counted_from: trackedSince,
    updated_at: trackedSince,
    ...columns,
  });
  const { profile_id: profileId, post_id: postId } = columns;
  if (typeof profileId === 'number' && typeof postId === 'number') await searchable(db, profileId, postId);
  return videoId;
}

/** A day of a post tracked on its own, on which it was read. */
export async function insertVideoDay(
  db: Kysely<Database>,
  owner: Owner,
  videoId: string,
  day: string,
  columns: Columns = {},
): Promise<void> {
  await insertRow(db, 'video_days', { organization_id: owner.organizationId, video_id: videoId, day, ...columns });
}

async function insertRow(db: Kysely<Database>, table: string, columns: Columns): Promise<void> {
  const names = Object.keys(columns).map((name) => sql.id(name));
  await sql`
    insert into ${sql.table(table)} (${sql.join(names)}) values (${sql.join(Object.values(columns))})`.execute(db);
}
