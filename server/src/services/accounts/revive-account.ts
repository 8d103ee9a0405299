import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { indexAccountCaptions } from '../captions/index-account-captions.ts';
import { jsonOrNull } from '../json.ts';
import { changeBooks } from '../organization-books/change-books.ts';
import { closePauses } from '../pauses.ts';
import { rebookPostsOfAccount } from '../shared-posts/rebook-shared-posts.ts';
import type { ParsedAccount } from './parse-account.ts';

/** Where an account belongs, and since when. */
export interface Place {
  organizationId: string;
  profileId: number;
  now: Date;
}

/**
 * Brings back the account that this organization had deleted, with its id, history and posts, and the settings of the new
 * request. The time in between is no part of its history. `accountId` is locked by `lockDeleted`.
 */
export async function reviveAccount(
  trx: Transaction<Database>,
  accountId: string,
  { organizationId, profileId, now }: Place,
  wanted: ParsedAccount,
): Promise<void> {
  await changeBooks(trx, organizationId, { profileId }, () => unhide(trx, accountId, { organizationId, now }, wanted));
  await rebookPostsOfAccount(trx, organizationId, accountId);
  await closePauses(trx, { holder: 'account', organizationId, ids: [accountId], now });
}

async function unhide(
  trx: Transaction<Database>,
  accountId: string,
  { organizationId, now }: Omit<Place, 'profileId'>,
  wanted: ParsedAccount,
): Promise<void> {
  const { username, creatorId, category, metadata, scrapeIntervalHours } = wanted;
  await sql`
    update accounts set deleted_at = null, is_active = true, paused_by_creator = false, username = ${username},
      creator_id = ${creatorId}::uuid, linked_at = ${creatorId === null ? null : now}::timestamptz,
      category = ${category}, metadata = ${jsonOrNull(metadata)}::jsonb, scrape_interval_hours = ${scrapeIntervalHours},
      max_recent_posts_per_account = null, post_lookback_days = null
    where organization_id = ${organizationId} and account_id = ${accountId}`.execute(trx);
  await sql`
    update account_videos set is_hidden = false
    where organization_id = ${organizationId} and account_id = ${accountId} and is_hidden`.execute(trx);
  await indexAccountCaptions(trx, organizationId, accountId);
}

/**
 * The deleted account that may be revived, held until the transaction ends: before its profile, as everybody locks them. When
 * several accounts were of this profile, the one of the same name.
 */
export async function lockDeleted(
  trx: Transaction<Database>,
  organizationId: string,
  { profileId, keptSince, username }: { profileId: number; keptSince: Date; username: string },
): Promise<string | null> {
  const { rows } = await sql<{ account_id: string }>`
    select account_id from accounts
    where profile_id = ${profileId} and organization_id = ${organizationId} and deleted_at >= ${keptSince}
    order by username = ${username} desc, deleted_at desc limit 1 for no key update`.execute(trx);
  return rows[0]?.account_id ?? null;
}
