import { sql, type Transaction } from 'kysely';
import { conflict, notFound } from '../../contract/problem.ts';
import { newId } from '../../database/ids.ts';
import type { Database } from '../../database/tables.ts';
import { wholeSecond } from '../../metrics/runs.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { lockCreator } from '../creators/lock-creator.ts';
import { ensureProfile } from '../profiles/ensure-profile.ts';
import { profileOfHandle } from '../profiles/handles.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { retrack } from '../profiles/retrack.ts';
import { retentionStart } from '../retention.ts';
import { jsonOrNull } from '../json.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { type AccountRecord, findAccount } from './account-record.ts';
import { checkQuota, lockQuota } from './check-quota.ts';
import { type NewAccount, type ParsedAccount, parseNewAccount } from './parse-account.ts';
import { lockDeleted, type Place, reviveAccount } from './revive-account.ts';

/** Begins to track a profile, at once. A record deleted not long ago comes back with its history. */
export async function createAccount(ctx: Context, input: NewAccount): Promise<AccountRecord> {
  authorize(ctx, 'write');
  const wanted = parseNewAccount(input);
  return inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const askedAt = ctx.clock.now();
    await requireCreator(trx, organizationId, wanted.creatorId);
    // First, so that of two requests for the last place the second sees what the first has tracked.
    const quota = await lockQuota(trx, organizationId);
    await refuseDuplicate(trx, organizationId, wanted);
    await checkQuota(trx, organizationId, quota);
    const keptSince = retentionStart(askedAt, ctx.retentionDays);
    const profileId = await profileToTrack(trx, organizationId, wanted, { askedAt, keptSince });
    const deletedId = await lockDeleted(trx, organizationId, { profileId, keptSince, username: wanted.username });
    const now = await momentOfChange(trx, [profileId], askedAt);
    const place = { organizationId, profileId, now };
    if (deletedId !== null) await reviveAccount(trx, deletedId, place, wanted);
    const accountId = deletedId ?? (await insertAccount(trx, place, wanted));
    await retrack(trx, profileId, now, { refreshNow: true });
    const detail = { platform: wanted.platform, username: wanted.username, revived: deletedId !== null };
    await audit(trx, ctx, { action: 'account.create', subjectType: 'account', subjectId: accountId, detail });
    await bumpVersion(trx, [organizationId]);
    const account = await findAccount(trx, organizationId, accountId);
    if (account === null) throw new Error(`account ${accountId} vanished while it was created`);
    return account;
  });
}

async function requireCreator(
  trx: Transaction<Database>,
  organizationId: string,
  creatorId: string | null,
): Promise<void> {
  if (creatorId !== null && (await lockCreator(trx, organizationId, creatorId, 'link')) === null) {
    throw notFound('creator');
  }
}

/** Tracked under this name, or under another name that the same profile had (docs/adr/0015). */
async function refuseDuplicate(
  trx: Transaction<Database>,
  organizationId: string,
  { platform, username }: ParsedAccount,
): Promise<void> {
  const { rows } = await sql<{ username: string }>`
    select username from accounts
    where organization_id = ${organizationId} and platform = ${platform} and username = ${username} and deleted_at is null
    union all
    select a.username from profile_handles h join accounts a using (profile_id)
    where h.platform = ${platform} and h.username = ${username}
      and a.organization_id = ${organizationId} and a.deleted_at is null
    limit 1`.execute(trx);
  if (rows[0] !== undefined) throw alreadyTracked({ platform, username }, rows[0].username);
}

/**
 * Whom the handle leads to; else the profile that this organization tracked under it until not long ago: a handle that was
 * given up leads nowhere, but the record that was deleted comes back all the same. Else a profile that is new here.
 */
async function profileToTrack(
  trx: Transaction<Database>,
  organizationId: string,
  { platform, username }: ParsedAccount,
  { askedAt, keptSince }: { askedAt: Date; keptSince: Date },
): Promise<number> {
  const known = await profileOfHandle(trx, platform, username);
  if (known !== null) return known;
  const deleted = await trx
    .selectFrom('accounts')
    .select('profile_id')
    .where('organization_id', '=', organizationId)
    .where('platform', '=', platform)
    .where('username', '=', username)
    .where('deleted_at', '>=', keptSince)
    .orderBy('deleted_at', 'desc')
    .limit(1)
    .executeTakeFirst();
  return deleted?.profile_id ?? ensureProfile(trx, platform, username, askedAt);
}

async function insertAccount(
  trx: Transaction<Database>,
  { organizationId, profileId, now }: Place,
  wanted: ParsedAccount,
): Promise<string> {
  const { platform, username, creatorId, category, metadata, scrapeIntervalHours } = wanted;
  const addedAt = wholeSecond(now);
  const { rows } = await sql<{ account_id: string }>`
    insert into accounts (organization_id, account_id, project_id, profile_id, platform, username, creator_id, linked_at,
      category, metadata, scrape_interval_hours, added_at, counted_from)
    select organization_id, ${newId()}::uuid, project_id, ${profileId}::bigint, ${platform}, ${username},
      ${creatorId}::uuid, ${creatorId === null ? null : now}::timestamptz, ${category}, ${jsonOrNull(metadata)}::jsonb,
      ${scrapeIntervalHours}::integer, ${addedAt}::timestamptz, ${now}::timestamptz
    from projects where organization_id = ${organizationId} and is_default
    on conflict (organization_id, platform, username) where deleted_at is null do nothing
    returning account_id`.execute(trx);
  if (rows[0] === undefined) throw alreadyTracked(wanted, wanted.username);
  return rows[0].account_id;
}

function alreadyTracked({ platform, username }: Pick<ParsedAccount, 'platform' | 'username'>, trackedAs: string) {
  if (trackedAs === username) return conflict(`The ${platform} account ${username} is tracked already.`);
  return conflict(`The ${platform} account ${username} is tracked already, under its former handle ${trackedAs}.`);
}
