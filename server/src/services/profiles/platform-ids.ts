import { type Kysely, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';

/** Ids of one profile by id space (Source.idSpace). An id means something within its space only. */
export type PlatformIds = Readonly<Record<string, string>>;

/** The profile that one of these ids means; null when none of them is known. */
export async function profileOfIds(db: Kysely<Database>, platform: Platform, ids: PlatformIds): Promise<number | null> {
  const { rows } = await sql<{ profile_id: number }>`
    select i.profile_id from profile_identities i join ${idRows(ids)} using (id_space, platform_profile_id)
    where i.platform = ${platform} order by i.id_space limit 1`.execute(db);
  return rows[0]?.profile_id ?? null;
}

/**
 * Writes down that these ids mean this profile. Answers the other profile that one of them means already: the directory's
 * primary key decides between two that learn one id at the same moment.
 */
export async function learnIds(
  trx: Transaction<Database>,
  platform: Platform,
  profileId: number,
  ids: PlatformIds,
): Promise<number | null> {
  const inserted = await sql`
    insert into profile_identities (platform, id_space, platform_profile_id, profile_id)
    select ${platform}, u.id_space, u.platform_profile_id, ${profileId} from ${idRows(ids)} order by u.id_space
    on conflict do nothing returning id_space`.execute(trx);
  if (inserted.rows.length === Object.keys(ids).length) return null;
  // A statement of its own: it must see what the insertion has waited for.
  const { rows } = await sql<{ profile_id: number }>`
    select i.profile_id from profile_identities i join ${idRows(ids)} using (id_space, platform_profile_id)
    where i.platform = ${platform} and i.profile_id <> ${profileId} order by i.id_space limit 1`.execute(trx);
  return rows[0]?.profile_id ?? null;
}

const idRows = (ids: PlatformIds) =>
  sql`unnest(${Object.keys(ids)}::text[], ${Object.values(ids)}::text[]) as u(id_space, platform_profile_id)`;

/** The ids that are known of a profile. */
export async function idsOfProfile(db: Kysely<Database>, profileId: number): Promise<PlatformIds> {
  const { rows } = await sql<{ id_space: string; platform_profile_id: string }>`
    select id_space, platform_profile_id from profile_identities where profile_id = ${profileId}`.execute(db);
  return Object.fromEntries(rows.map((row) => [row.id_space, row.platform_profile_id]));
}

/** The first space in which the ids contradict each other: then they are two profiles' ids. */
export function differingSpace(known: PlatformIds, seen: PlatformIds): string | null {
  return Object.keys(seen).find((space) => known[space] !== undefined && known[space] !== seen[space]) ?? null;
}

/** Whether they have an id in common: then they are one profile's ids. */
export const sharesId = (known: PlatformIds, seen: PlatformIds): boolean =>
  Object.keys(seen).some((space) => known[space] !== undefined && known[space] === seen[space]);
