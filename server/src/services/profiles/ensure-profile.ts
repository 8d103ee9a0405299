import { sql, type Transaction } from 'kysely';
import { RepeatError } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';
import { profileOfHandle } from './handles.ts';

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
  const made = await makeProfile(trx, platform, username, now);
  const claimed = await sql`
    insert into profile_handles (platform, username, profile_id) values (${platform}, ${username}, ${made})
    on conflict (platform, username) do nothing returning profile_id`.execute(trx);
  if (claimed.rows.length > 0) return made;
  await trx.deleteFrom('profiles').where('profile_id', '=', made).execute();
  const winner = await profileOfHandle(trx, platform, username);
  if (winner === null) throw new RepeatError(`${platform}/${username} was taken and given up at the same moment`);
  return winner;
}

/** A profile that no handle leads to. */
export async function makeProfile(
  trx: Transaction<Database>,
  platform: Platform,
  username: string,
  now: Date,
): Promise<number> {
  const made = await trx
    .insertInto('profiles')
    .values({ platform, username, created_at: now })
    .returning('profile_id')
    .executeTakeFirstOrThrow();
  return made.profile_id;
}
