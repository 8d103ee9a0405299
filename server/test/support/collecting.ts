import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Claim } from '../../src/collector/claimable.ts';
import { refreshPost, type RefreshedPost } from '../../src/collector/refresh-post.ts';
import { refresh, type Refreshed } from '../../src/collector/refresh.ts';
import { newId } from '../../src/database/ids.ts';
import { ensurePartitions } from '../../src/database/partitions.ts';
import type { Database } from '../../src/database/tables.ts';
import { createAccount } from '../../src/services/accounts/create-account.ts';
import { createVideo } from '../../src/services/videos/create-video.ts';
import type { Context } from '../../src/services/context.ts';
import type { Platform, Source } from '../../src/sources/source.ts';
import { silentLogger } from './logger.ts';

/** A clock that stands where the test puts it. */
export function testClock(start: string) {
  let now = new Date(start);
  return {
    now: () => now,
    set: (time: string | Date) => {
      now = new Date(time);
    },
    add: (hours: number) => {
      now = new Date(now.getTime() + hours * 3_600_000);
    },
  };
}

/** A context of Tallyline itself, as the command line uses it. */
export function systemContext(db: Kysely<Database>, organizationId: string, clock: Context['clock']): Context {
  return {
    actor: { type: 'system', name: 'test' },
    organizationId,
    db,
    clock,
    logger: silentLogger,
    requestId: 'test',
  };
}

export interface Collecting {
  db: Kysely<Database>;
  clock: ReturnType<typeof testClock>;
  sources: readonly Source[];
  logger?: Logger;
}

export async function claimProfile({ db, clock }: Collecting, profileId: number): Promise<Claim> {
  const claim = { profileId, claimId: newId() };
  await sql`
    update profiles set claim_id = ${claim.claimId}, claimed_by = ${newId()}, claimed_at = ${clock.now()}
    where profile_id = ${profileId}`.execute(db);
  return claim;
}

async function ensureMonth({ db, clock }: Collecting): Promise<void> {
  const day = clock.now().toISOString().slice(0, 10);
  await ensurePartitions(db, day, day);
}

/** One refresh at the clock's time, due or not. */
export async function refreshNow(collecting: Collecting, profileId: number): Promise<Refreshed> {
  const { db, clock, sources, logger = silentLogger } = collecting;
  await ensureMonth(collecting);
  const claim = await claimProfile(collecting, profileId);
  return refresh({ db, clock, sources, logger, collectorId: newId(), maxPagesPerRefresh: 50 }, claim);
}

/** One refresh of a post on its own at the clock's time, due or not. */
export async function refreshPostNow(
  collecting: Collecting,
  externalId: string,
  platform: Platform = 'instagram',
): Promise<RefreshedPost> {
  const { db, clock, sources, logger = silentLogger } = collecting;
  await ensureMonth(collecting);
  const claim = { platform, externalId, claimId: newId() };
  await sql`
    update tracked_posts set claim_id = ${claim.claimId}, claimed_by = ${newId()}, claimed_at = ${clock.now()}
    where platform = ${platform} and external_id = ${externalId}`.execute(db);
  return refreshPost({ db, clock, sources, logger, collectorId: newId() }, claim);
}

/** Tracks an Instagram post on its own, and answers the id of the video. */
export async function trackVideo(
  { db, clock }: Collecting,
  organizationId: string,
  externalId: string,
): Promise<string> {
  const ctx = systemContext(db, organizationId, clock);
  return (await createVideo(ctx, { platform: 'instagram', identifier: externalId })).video_id;
}

export async function track(
  { db, clock }: Collecting,
  organizationId: string,
  username: string,
  platform: Platform = 'instagram',
): Promise<{ accountId: string; profileId: number }> {
  const account = await createAccount(systemContext(db, organizationId, clock), { platform, username });
  const row = await db
    .selectFrom('accounts')
    .select('profile_id')
    .where('organization_id', '=', organizationId)
    .where('account_id', '=', account.account_id)
    .executeTakeFirstOrThrow();
  return { accountId: account.account_id, profileId: row.profile_id };
}
