import { sql, type Transaction } from 'kysely';
import { RepeatError } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import { nameProfile } from '../services/profiles/handles.ts';
import { profileOfIds } from '../services/profiles/platform-ids.ts';
import type { Platform } from '../sources/source.ts';
import type { PostObservation } from './observe-post.ts';

/** The profile that a post is written to, which may have no schedule and no reading of its own. */
export interface AuthorProfile {
  profileId: number;
  platform: Platform;
  username: string;
  confirmedAt: Date | null;
  runBreakAt: Date | null;
  hidesCounts: boolean;
}

interface Row {
  platform: Platform;
  username: string;
  confirmed_at: Date | null;
  run_break_at: Date | null;
  hides_counts: boolean | null;
}

/** Locks the profile for writing, after everybody who looks. */
export async function lockAuthorProfile(trx: Transaction<Database>, profileId: number): Promise<AuthorProfile> {
  const { rows } = await sql<Row>`
    select platform, username, confirmed_at, run_break_at, hides_counts from profiles
    where profile_id = ${profileId} for no key update`.execute(trx);
  const [row] = rows;
  if (row === undefined) throw new RepeatError('the profile was merged into another one');
  return {
    profileId,
    platform: row.platform,
    username: row.username,
    confirmedAt: row.confirmed_at,
    runBreakAt: row.run_break_at,
    hidesCounts: row.hides_counts ?? false,
  };
}

/** The author is called otherwise now, which nobody else may notice. A joint post may be of another profile here. */
export async function followName(
  trx: Transaction<Database>,
  { profileId, platform, username }: AuthorProfile,
  { author, authorIds }: PostObservation,
): Promise<void> {
  if (author === null || author.username === username) return;
  if ((await profileOfIds(trx, platform, authorIds)) !== profileId) return;
  await nameProfile(trx, { platform, profileId, username: author.username });
}
