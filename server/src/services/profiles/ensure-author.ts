import type { Transaction } from 'kysely';
import { RepeatError } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';
import { ensureProfile, makeProfile } from './ensure-profile.ts';
import { forgetHandle } from './handles.ts';
import { idsOfProfile, learnIds, type PlatformIds, profileOfIds } from './platform-ids.ts';
import { whoseIds } from './whose-ids.ts';

export interface Author {
  platform: Platform;
  username: string;
  ids: PlatformIds;
}

/**
 * The profile that a post's author is: by id, else by the handle the platform shows now; made when nobody knows it yet. null:
 * the answer has no id, and nothing says that the author is who is known by the handle.
 */
export async function ensureAuthor(
  trx: Transaction<Database>,
  { platform, username, ids }: Author,
  now: Date,
): Promise<number | null> {
  const known = await profileOfIds(trx, platform, ids);
  if (known !== null) return known;
  let profileId = await ensureProfile(trx, platform, username, now);
  const named = { profileId, ids: await idsOfProfile(trx, profileId) };
  const whose = await whoseIds(trx, named, { ids, externalIds: [] });
  if (whose === 'somebody_else') {
    // The handle has changed hands since its former owner was last seen.
    await forgetHandle(trx, { platform, profileId, username });
    profileId = await ensureProfile(trx, platform, username, now);
  }
  if (whose === 'unproven') {
    if (Object.keys(ids).length === 0) return null;
    // Two profiles of one person can be told later; a stranger's post in somebody's profile would prove the stranger right.
    profileId = await makeProfile(trx, platform, username, now);
  }
  const owner = await learnIds(trx, platform, profileId, ids);
  if (owner !== null) throw new RepeatError('the author has become known meanwhile');
  return profileId;
}
