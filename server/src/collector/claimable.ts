import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { Platform } from '../sources/source.ts';

/** A claim of a job, to be fenced by its id: whoever holds another id has taken the profile or the post over. */
export interface Claim {
  profileId: number;
  claimId: string;
}

export interface PostClaim {
  platform: Platform;
  externalId: string;
  claimId: string;
}

/** What is looked at when it is due: both tables have the same columns for when to look, and who is looking. */
export interface Claimable<C extends object> {
  table: RawBuilder<unknown>;
  key: readonly string[];
  /** The job that looks, and what its payload says beside the claim. */
  task: string;
  payload: RawBuilder<unknown>;
  /** Somebody waits for the first look. */
  isNew: RawBuilder<unknown>;
  /** The row (of the table, or of an alias of it), as long as it is held by this very claim. */
  isHeld: (claim: C, alias?: string) => RawBuilder<unknown>;
  parse: (payload: unknown) => C;
}

/** A profile with its feed. */
export const claimableProfiles: Claimable<Claim> = {
  table: sql`profiles`,
  key: ['profile_id'],
  task: 'refresh_profile',
  payload: sql`'profileId', profile_id`,
  isNew: sql`read_at is null`,
  isHeld: ({ profileId, claimId }, alias = 'profiles') =>
    sql`${sql.ref(`${alias}.profile_id`)} = ${profileId} and ${sql.ref(`${alias}.claim_id`)} = ${claimId}`,
  parse: (payload) => {
    const { profileId, claimId } = payload as Partial<Claim>;
    if (typeof profileId !== 'number' || typeof claimId !== 'string') throw new Error('not a refresh job');
    return { profileId, claimId };
  },
};

/** A post that somebody tracks on its own. */
export const claimablePosts: Claimable<PostClaim> = {
  table: sql`tracked_posts`,
  key: ['platform', 'external_id'],
  task: 'refresh_post',
  payload: sql`'platform', platform, 'externalId', external_id`,
  isNew: sql`last_attempt_at is null`,
  isHeld: ({ platform, externalId, claimId }, alias = 'tracked_posts') => sql`
    ${sql.ref(`${alias}.platform`)} = ${platform} and ${sql.ref(`${alias}.external_id`)} = ${externalId}
    and ${sql.ref(`${alias}.claim_id`)} = ${claimId}`,
  parse: (payload) => {
    const { platform, externalId, claimId } = payload as Partial<PostClaim>;
    const isPlatform = platform === 'instagram' || platform === 'tiktok';
    if (!isPlatform || typeof externalId !== 'string' || typeof claimId !== 'string') {
      throw new Error('not a refresh job of a post');
    }
    return { platform, externalId, claimId };
  },
};

/** Without a claim again. */
export const unclaimed: RawBuilder<unknown> = sql`claim_id = null, claimed_by = null, claimed_at = null`;

/** A job may run on another collector than the one that claimed; the claim goes with it. False when the claim is void. */
export async function takeOver<C extends object>(
  db: Kysely<Database>,
  kind: Claimable<C>,
  claim: C,
  collectorId: string,
): Promise<boolean> {
  const { numAffectedRows } = await sql`
    update ${kind.table} set claimed_by = ${collectorId} where ${kind.isHeld(claim)}`.execute(db);
  return numAffectedRows === 1n;
}

/** Hands a profile or a post back undone: due as before, free for the next claim. */
export async function handBack<C extends object>(db: Kysely<Database>, kind: Claimable<C>, claim: C): Promise<void> {
  await sql`update ${kind.table} set ${unclaimed} where ${kind.isHeld(claim)}`.execute(db);
}

/** Hands it back because something broke off: due a little later. */
export async function handBackUntil<C extends object>(
  db: Kysely<Database>,
  kind: Claimable<C>,
  claim: C,
  retryAt: Date,
): Promise<void> {
  await sql`
    update ${kind.table} set due_at = greatest(due_at, ${retryAt}), failure_count = failure_count + 1, ${unclaimed}
    where ${kind.isHeld(claim)}`.execute(db);
}
