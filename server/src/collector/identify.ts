import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';
import { forgetHandle, nameProfile, renameProfile } from '../services/profiles/handles.ts';
import { differingSpace, learnIds, type PlatformIds } from '../services/profiles/platform-ids.ts';
import type { ClaimedProfile } from './claim.ts';
import type { Observation } from './observation.ts';

/**
 * Whose numbers an observation holds: the profile's `own`; `somebody_else`'s, who has the handle now; or, seen at the very
 * first refresh, those of `another` profile that was tracked under another handle. `twinOf` is set when the other profile is
 * noticed too late: both have readings, and histories are never mixed.
 */
export type Identified =
  | { status: 'own'; twinOf: number | null }
  | { status: 'somebody_else'; message: string }
  | { status: 'another'; profileId: number };

/** Compares the ids that were seen with those known, space by space, and learns new ones and the current name. */
export async function identify(
  trx: Transaction<Database>,
  profile: ClaimedProfile,
  observation: Observation,
): Promise<Identified> {
  const { username } = observation.profile;
  const space = differingSpace(profile.ids, observation.ids);
  if (space !== null) {
    await forgetHandle(trx, { ...profile, username });
    const [before, now] = [profile.ids[space], observation.ids[space]];
    return {
      status: 'somebody_else',
      message: `the handle is another profile's now (${space} id ${now}, not ${before})`,
    };
  }
  const owner = await learn(trx, profile, observation.ids);
  if (owner !== null && (await isUnread(trx, profile.profileId))) return { status: 'another', profileId: owner };
  const isRenamed = profile.username !== username;
  if (owner === null && (isRenamed || !profile.hasHandle)) await nameProfile(trx, { ...profile, username });
  // The name leads to the one whose id it is.
  if (owner !== null && isRenamed) await renameProfile(trx, { ...profile, username });
  return { status: 'own', twinOf: await noteTwin(trx, profile, owner) };
}

/** The other profile that has one of these ids; null, and nothing is asked, when all of them are known as this one's. */
async function learn(trx: Transaction<Database>, profile: ClaimedProfile, seen: PlatformIds): Promise<number | null> {
  const fresh = Object.fromEntries(Object.entries(seen).filter(([space]) => profile.ids[space] === undefined));
  return Object.keys(fresh).length === 0 ? null : learnIds(trx, profile.platform, profile.profileId, fresh);
}

/** Whether nothing was ever read of the profile, so that it may be given up for another one. */
export async function isUnread(trx: Transaction<Database>, profileId: number): Promise<boolean> {
  const { rows } = await sql`
    select from profile_readings where profile_id = ${profileId}
    union all select from posts where profile_id = ${profileId} limit 1`.execute(trx);
  return rows.length === 0;
}

/** Answers the twin when it was not known before. */
async function noteTwin(
  trx: Transaction<Database>,
  profile: ClaimedProfile,
  owner: number | null,
): Promise<number | null> {
  if (owner === null || owner === profile.twinOf) return null;
  await sql`update profiles set twin_of = ${owner} where profile_id = ${profile.profileId}`.execute(trx);
  return owner;
}
