import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';

/**
 * The shared profile that a handle means, made when nobody tracked it yet. Callers racing for one handle get the same
 * profile: the directory's primary key decides, and whoever lost takes back the row it made.
 */
export async function ensureProfile(
  trx: Transaction<Database>,
  platform: Platform,
  username: string,
  now: Date,
): Promise<number> {
  const known = await profileOfHandle(trx, platform, username);
  if (known !== null) return known;
  const { profile_id: made } = await trx
    .insertInto('profiles')
    .values({ platform, username, created_at: now })
    .returning('profile_id')
    .executeTakeFirstOrThrow();
  const claimed = await sql`
    insert into profile_handles (platform, username, profile_id) values (${platform}, ${username}, ${made})
    on conflict (platform, username) do nothing returning profile_id`.execute(trx);
  if (claimed.rows.length > 0) return made;
  await trx.deleteFrom('profiles').where('profile_id', '=', made).execute();
  const winner = await profileOfHandle(trx, platform, username);
  if (winner === null)
    throw new Error(`the handle ${platform}/${username} was claimed and released at the same moment`);
  return winner;
}

async function profileOfHandle(
  trx: Transaction<Database>,
  platform: Platform,
  username: string,
): Promise<number | null> {
  const row = await trx
    .selectFrom('profile_handles')
    .select('profile_id')
    .where('platform', '=', platform)
    .where('username', '=', username)
    .executeTakeFirst();
  return row?.profile_id ?? null;
}
