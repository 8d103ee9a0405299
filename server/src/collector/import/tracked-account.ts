import { type Kysely, sql } from 'kysely';
import { quotaExceeded } from '../../contract/problem.ts';
import { repeatable } from '../../database/retry.ts';
import type { Database } from '../../database/tables.ts';
import { createAccount } from '../../services/accounts/create-account.ts';
import { updateAccount } from '../../services/accounts/update-account.ts';
import type { Context } from '../../services/context.ts';
import type { Platform } from '../../sources/source.ts';

export interface Named {
  platform: Platform;
  username: string;
}

/** The organization's account of a profile, under this handle or one that it had before; null when it tracks it under none. */
async function findAccountId(db: Kysely<Database>, organizationId: string, named: Named): Promise<string | null> {
  const { rows } = await sql<{ account_id: string }>`
    select account_id from (
      select account_id, 0 as place from accounts
      where organization_id = ${organizationId} and platform = ${named.platform} and username = ${named.username}
        and deleted_at is null
      union all
      select a.account_id, 1 from profile_handles h join accounts a using (profile_id)
      where h.platform = ${named.platform} and h.username = ${named.username}
        and a.organization_id = ${organizationId} and a.deleted_at is null
    ) found order by place, account_id limit 1`.execute(db);
  return rows[0]?.account_id ?? null;
}

/** The account whose history this is. One that is new is paused, unless it is to be tracked from now on. */
export async function ensureAccount(
  ctx: Context,
  named: Named,
  track: boolean,
): Promise<{ accountId: string; isNew: boolean }> {
  const known = await findAccountId(ctx.db, ctx.organizationId, named);
  if (known !== null) return { accountId: known, isNew: false };
  const accountId = await repeatable(ctx.db, async (trx) => {
    const inside = { ...ctx, db: trx };
    const { account_id: made } = await createAccount(inside, named);
    if (!track) await updateAccount(inside, { accountId: made, changes: { is_active: false } });
    return made;
  });
  return { accountId, isNew: true };
}

/** Refuses an import that would add more accounts than the organization may track, before any is added. */
export async function requireRoom({ db, organizationId }: Context): Promise<void> {
  const { rows } = await sql<{ room: number; wanted: number }>`
    select o.account_quota - (select count(*) from accounts a where a.organization_id = o.organization_id and a.deleted_at is null)
        as room,
      (select count(*) from (select platform, username from import_rows group by 1, 2) n where not exists (
        select from accounts a where a.organization_id = o.organization_id and a.platform = n.platform
          and a.username = n.username and a.deleted_at is null)
      and not exists (
        select from profile_handles h join accounts a using (profile_id)
        where h.platform = n.platform and h.username = n.username and a.organization_id = o.organization_id
          and a.deleted_at is null)) as wanted
    from organizations o where o.organization_id = ${organizationId} and o.account_quota is not null`.execute(db);
  const [quota] = rows;
  if (quota === undefined || quota.wanted <= quota.room) return;
  throw quotaExceeded(
    `The file adds ${quota.wanted} accounts, and this organization may track ${Math.max(0, quota.room)} more. Nothing was imported.`,
  );
}
