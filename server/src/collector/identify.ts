import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';
import { forgetHandle, nameProfile, renameProfile } from '../services/profiles/handles.ts';
import { differingSpace, learnIds, type PlatformIds } from '../services/profiles/platform-ids.ts';
import { isUnread, type Whose, whoseIds } from '../services/profiles/whose-ids.ts';
import type { RefusedItem } from '../sources/source.ts';
import type { ClaimedProfile } from './claim.ts';
import type { Observation } from './observation.ts';

/**
 * Whose numbers an observation holds: the profile's `own`; `somebody_else`'s, who has the handle now; nobody can say
 * (`unproven`); or, seen at the very first refresh, those of `another` profile that was tracked under another handle. `twinOf`
 * is set when the other profile is noticed too late: both have readings, and histories are never mixed.
 */
export type Identified =
  | { status: 'own'; twinOf: number | null }
  | { status: 'somebody_else'; message: string }
  | { status: 'unproven'; refused: RefusedItem }
  | { status: 'another'; profileId: number };

/** Compares the ids that were seen with those known, space by space, and learns new ones and the current name. */
export async function identify(
  trx: Transaction<Database>,
  profile: ClaimedProfile,
  observation: Observation,
): Promise<Identified> {
  const { username } = observation.profile;
  const whose = await whoseNumbers(trx, profile, observation);
  if (whose === 'somebody_else') {
    await forgetHandle(trx, { ...profile, username });
    const space = differingSpace(profile.ids, observation.ids) ?? '';
    const [before, now] = [profile.ids[space], observation.ids[space]];
    return {
      status: 'somebody_else',
      message: `the handle is another profile's now (${space} id ${now}, not ${before})`,
    };
  }
  if (whose === 'unproven') return { status: 'unproven', refused: unproven(profile, observation) };
  const owner = await learn(trx, profile, observation.ids);
  if (owner !== null && (await isUnread(trx, profile.profileId))) return { status: 'another', profileId: owner };
  const isRenamed = profile.username !== username;
  if (owner === null && (isRenamed || !profile.hasHandle)) await nameProfile(trx, { ...profile, username });
  // The name leads to the one whose id it is.
  if (owner !== null && isRenamed) await renameProfile(trx, { ...profile, username });
  return { status: 'own', twinOf: await noteTwin(trx, profile, owner) };
}

export function whoseNumbers(
  db: Kysely<Database>,
  profile: Pick<ClaimedProfile, 'profileId' | 'ids'>,
  { ids, posts }: Observation,
): Promise<Whose> {
  return whoseIds(db, profile, { ids, externalIds: posts.map((post) => post.externalId) });
}

function unproven(profile: ClaimedProfile, { ids, profile: seen, posts }: Observation): RefusedItem {
  const excerpt = {
    username: seen.username,
    ids,
    known_ids: profile.ids,
    follower_count: seen.followerCount,
    posts: posts.length,
  };
  return { externalId: null, reason: 'unproven_identity', excerpt };
}

/** The other profile that has one of these ids; null, and nothing is asked, when all of them are known as this one's. */
async function learn(trx: Transaction<Database>, profile: ClaimedProfile, seen: PlatformIds): Promise<number | null> {
  const fresh = Object.fromEntries(Object.entries(seen).filter(([space]) => profile.ids[space] === undefined));
  return Object.keys(fresh).length === 0 ? null : learnIds(trx, profile.platform, profile.profileId, fresh);
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
