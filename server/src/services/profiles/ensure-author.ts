import type { Transaction } from 'kysely';
import { RepeatError } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';
import { ensureProfile } from './ensure-profile.ts';
import { forgetHandle } from './handles.ts';
import { differingSpace, idsOfProfile, learnIds, type PlatformIds, profileOfIds } from './platform-ids.ts';

export interface Author {
  platform: Platform;
  username: string;
  ids: PlatformIds;
}

/** The profile that a post's author is: by id, else by the handle the platform shows now; made when nobody knows it yet. */
export async function ensureAuthor(
  trx: Transaction<Database>,
  { platform, username, ids }: Author,
  now: Date,
): Promise<number> {
  const known = await profileOfIds(trx, platform, ids);
  if (known !== null) return known;
  let profileId = await ensureProfile(trx, platform, username, now);
  if (differingSpace(await idsOfProfile(trx, profileId), ids) !== null) {
    // The handle has changed hands since its former owner was last seen.
    await forgetHandle(trx, { platform, profileId, username });
    profileId = await ensureProfile(trx, platform, username, now);
  }
  const owner = await learnIds(trx, platform, profileId, ids);
  if (owner !== null) throw new RepeatError('the author has become known meanwhile');
  return profileId;
}
