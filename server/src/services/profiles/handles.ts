import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';

export interface Named {
  platform: Platform;
  profileId: number;
  username: string;
}

/** The profile that a handle leads to today; null when it leads to none. */
export async function profileOfHandle(
  db: Kysely<Database>,
  platform: Platform,
  username: string,
): Promise<number | null> {
  const row = await db
    .selectFrom('profile_handles')
    .select('profile_id')
    .where('platform', '=', platform)
    .where('username', '=', username)
    .executeTakeFirst();
  return row?.profile_id ?? null;
}

/**
 * The profile was seen under this name: the name leads to it, whomever it led to before, and no other name does. A name that
 * was given up may be somebody else's tomorrow, whose numbers must never enter this profile's series.
 */
export async function nameProfile(trx: Transaction<Database>, named: Named): Promise<void> {
  const { platform, profileId, username } = named;
  await renameProfile(trx, named);
  await sql`
    insert into profile_handles (platform, username, profile_id) values (${platform}, ${username}, ${profileId})
    on conflict (platform, username) do update set profile_id = excluded.profile_id`.execute(trx);
}

/** The same for a profile that nobody shall come to by its name: another one is meant. */
export async function renameProfile(trx: Transaction<Database>, { profileId, username }: Named): Promise<void> {
  await sql`update profiles set username = ${username} where profile_id = ${profileId}`.execute(trx);
  await sql`delete from profile_handles where profile_id = ${profileId} and username <> ${username}`.execute(trx);
}

/** The name does not lead to this profile any more: whoever tracks it next gets whom the platform shows under it then. */
export async function forgetHandle(
  trx: Transaction<Database>,
  { platform, profileId, username }: Named,
): Promise<void> {
  await sql`
    delete from profile_handles
    where platform = ${platform} and username = ${username} and profile_id = ${profileId}`.execute(trx);
}
