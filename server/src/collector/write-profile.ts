import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import type { Failure, RefusedItem } from '../sources/source.ts';
import type { ClaimedProfile } from './claim.ts';
import { unclaimed } from './claimable.ts';
import type { Observation } from './observation.ts';
import type { PlannedProfile } from './plan-profile.ts';
import type { Moment } from './plan-posts.ts';

/** Writes the profile's levels, its reading and its next due time, and lets the claim go. */
export async function writeProfile(
  trx: Kysely<Database>,
  before: ClaimedProfile,
  planned: PlannedProfile,
  observation: Observation,
  moment: Moment,
  dueAt: Date | null,
): Promise<void> {
  const { profile } = observation;
  const [followers, following, posts] = planned.known;
  const reading = readingOf(before.profileId, planned, profile.precision, moment);
  await sql`
    ${reading.length > 0 ? sql`with ${sql.join(reading)}` : sql``}
    update profiles set
      platform_profile_id = coalesce(${profile.platformProfileId}, platform_profile_id),
      name = ${profile.name}, description = ${profile.description}, link_in_bio = ${profile.linkInBio},
      profile_pic_url = coalesce(${profile.profilePicUrl}, profile_pic_url), is_verified = coalesce(${profile.isVerified}, is_verified),
      hides_counts = coalesce(${profile.hidesCounts ?? null}::boolean, hides_counts),
      follower_count = ${followers}, following_count = ${following}, post_count = ${posts},
      unread = ${planned.unread}, precision = ${profile.precision}, source = ${moment.source},
      read_at = ${planned.continues ? before.readAt : moment.readAt}, confirmed_at = ${moment.readAt},
      is_unavailable = false, not_found_count = 0, not_found_since = null,
      failure_count = ${observation.incomplete ? before.failureCount + 1 : 0},
      last_attempt_at = ${moment.readAt}, last_outcome = ${observation.incomplete?.code ?? 'ok'},
      due_at = ${dueAt}, ${unclaimed}
    where profile_id = ${before.profileId}`.execute(trx);
}

/** Parts of a statement: the row of readings that begins, and the end of the one before it. */
function readingOf(
  profileId: number,
  { continues, closes, read }: PlannedProfile,
  precision: string,
  { readAt, source }: Moment,
): RawBuilder<unknown>[] {
  if (continues) return [];
  const [followers, following, posts] = read;
  const begins = sql`reading as (
    insert into profile_readings (profile_id, read_at, confirmed_at, follower_count, following_count, post_count, precision, source)
    values (${profileId}, ${readAt}, ${readAt}, ${followers}, ${following}, ${posts}, ${precision}, ${source}))`;
  if (closes === null) return [begins];
  const ends = sql`closed as (
    update profile_readings set confirmed_at = ${closes.confirmedAt}
    where profile_id = ${profileId} and read_at = ${closes.readAt})`;
  return [ends, begins];
}

/** Keeps what was refused aside, with its reason. */
export async function insertRefusals(
  trx: Kysely<Database>,
  profileId: number,
  refused: readonly RefusedItem[],
  moment: Pick<Moment, 'readAt' | 'source'>,
): Promise<void> {
  if (refused.length === 0) return;
  const rows = refused.map((item) => ({
    external_id: item.externalId,
    reason: item.reason,
    excerpt: JSON.stringify(item.excerpt ?? null),
  }));
  await sql`
    insert into refused_readings (profile_id, external_id, refused_at, source, reason, excerpt)
    select ${profileId}, u.external_id, ${moment.readAt}::timestamptz, ${moment.source}, u.reason, u.excerpt::jsonb
    from ${unnest(rows, { external_id: 'text', reason: 'text', excerpt: 'text' })}`.execute(trx);
}

/** Keeps the reason aside for which nothing of an answer is believed. It is asked for again, as after any failure of a source. */
export async function keepAside(
  trx: Kysely<Database>,
  profileId: number,
  refused: RefusedItem,
  { source }: Observation,
  clock: Clock,
): Promise<Failure> {
  await insertRefusals(trx, profileId, [refused], { readAt: clock.now(), source });
  return { code: 'transient', message: `refused an answer of ${source}: ${refused.reason}` };
}
