import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { differingSpace, type PlatformIds, sharesId } from './platform-ids.ts';

/** Whose numbers came under a profile's handle. `unproven`: nobody can say. */
export type Whose = 'own' | 'somebody_else' | 'unproven';

/**
 * A handle proves nothing, since it may be a stranger's from one day to the next. What came under it is the profile's own when
 * an id says so, or a post that is known to be the profile's. Without an id or a reading there is nothing to mix it up with.
 */
export async function whoseIds(
  db: Kysely<Database>,
  profile: { profileId: number; ids: PlatformIds },
  seen: { ids: PlatformIds; externalIds: readonly string[] },
): Promise<Whose> {
  if (differingSpace(profile.ids, seen.ids) !== null) return 'somebody_else';
  if (sharesId(profile.ids, seen.ids) || Object.keys(profile.ids).length === 0) return 'own';
  const isOwn = (await holdsOneOf(db, profile.profileId, seen.externalIds)) || (await isUnread(db, profile.profileId));
  return isOwn ? 'own' : 'unproven';
}

async function holdsOneOf(db: Kysely<Database>, profileId: number, externalIds: readonly string[]): Promise<boolean> {
  if (externalIds.length === 0) return false;
  const { rows } = await sql`
    select from posts where profile_id = ${profileId} and external_id = any(${externalIds}::text[]) limit 1`.execute(
    db,
  );
  return rows.length > 0;
}

/** Whether nothing was ever read of the profile, so that it may be given up for another one. */
export async function isUnread(db: Kysely<Database>, profileId: number): Promise<boolean> {
  const { rows } = await sql`
    select from profile_readings where profile_id = ${profileId}
    union all select from posts where profile_id = ${profileId} limit 1`.execute(db);
  return rows.length === 0;
}
