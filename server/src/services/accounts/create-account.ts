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
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { retrack } from '../profiles/retrack.ts';
import { retentionStart } from '../retention.ts';
import { jsonOrNull } from '../json.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { type AccountRecord, findAccount } from './account-record.ts';
import { checkQuota } from './check-quota.ts';
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
    await refuseDuplicate(trx, organizationId, wanted);
    await checkQuota(trx, organizationId);
    const profileId = await ensureProfile(trx, wanted.platform, wanted.username, askedAt);
    const keptSince = retentionStart(askedAt, ctx.retentionDays);
    const deletedId = await lockDeleted(trx, organizationId, profileId, keptSince);
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

async function refuseDuplicate(
  trx: Transaction<Database>,
  organizationId: string,
  { platform, username }: ParsedAccount,
): Promise<void> {
  const tracked = await trx
    .selectFrom('accounts')
    .select('account_id')
    .where('organization_id', '=', organizationId)
    .where('platform', '=', platform)
    .where('username', '=', username)
    .where('deleted_at', 'is', null)
    .executeTakeFirst();
  if (tracked !== undefined) throw alreadyTracked({ platform, username });
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
  if (rows[0] === undefined) throw alreadyTracked(wanted);
  return rows[0].account_id;
}

function alreadyTracked({ platform, username }: Pick<ParsedAccount, 'platform' | 'username'>) {
  return conflict(`The ${platform} account ${username} is tracked already.`);
}
