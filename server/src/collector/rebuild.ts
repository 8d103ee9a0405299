import { type Kysely, sql } from 'kysely';
import type { Logger } from 'pino';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { counterNames, gainNames } from '../metrics/counters.ts';
import { dayOfNumber } from '../metrics/runs.ts';
import { bumpVersion } from '../services/versions.ts';
import { type AccountHistory, type AccountRef, accountHistory } from './account-history.ts';
import { accountsAfter } from './all-accounts.ts';
import { counterAssignments, counterColumns, counterTypes } from './write-posts.ts';

export interface RebuildDeps {
  db: Kysely<Database>;
  logger: Logger;
  onProgress?: (done: number, total: number) => void;
}

/** Makes every rollup anew from readings: day gains, last known counters, sums. Safe beside a running server. */
export async function rebuildRollups({ db, logger, onProgress }: RebuildDeps): Promise<{ accounts: number }> {
  const { rows } = await sql<{ total: number }>`select count(*)::int as total from accounts`.execute(db);
  const total = rows[0]?.total ?? 0;
  let done = 0;
  for await (const account of accountsAfter(db)) {
    await db.transaction().execute((trx) => rebuildAccount(trx, account));
    done += 1;
    onProgress?.(done, Math.max(total, done));
  }
  logger.info({ accounts: done }, 'rollups rebuilt');
  return { accounts: done };
}

/** Rebuilds one account's rollups. Holds its row and its profile's, so no refresh writes meanwhile. */
export async function rebuildAccount(trx: Kysely<Database>, account: AccountRef): Promise<void> {
  const { organizationId, accountId } = account;
  await sql`
    select from accounts where organization_id = ${organizationId} and account_id = ${accountId} for no key update`.execute(
    trx,
  );
  await sql`
    select from profiles p join accounts a using (profile_id)
    where a.organization_id = ${organizationId} and a.account_id = ${accountId} for no key update of p`.execute(trx);
  const history = await accountHistory(trx, account);
  await replaceDays(trx, account, history);
  await replaceHoldings(trx, account, history);
  await replaceSums(trx, account, history);
  await bumpVersion(trx, [organizationId]);
}

async function replaceDays(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  await sql`
    delete from account_days
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}`.execute(trx);
  const rows = [...history.days].map(([day, booked]) => ({
    day: dayOfNumber(day),
    followers: booked.followers,
    ...Object.fromEntries(gainNames.map((name, i) => [name, booked.gains[i] ?? null])),
  }));
  if (rows.length === 0) return;
  const gainTypes = Object.fromEntries(gainNames.map((name) => [name, 'bigint']));
  await sql`
    insert into account_days (organization_id, account_id, day, followers, ${sql.join(gainNames.map((name) => sql.id(name)))})
    select ${account.organizationId}::uuid, ${account.accountId}::uuid, u.*
    from ${unnest(rows, { day: 'date', followers: 'bigint', ...gainTypes })}`.execute(trx);
}

async function replaceHoldings(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  const rows = history.holdings.map((holding) => ({
    account_video_id: holding.accountVideoId,
    ...counterColumns(holding.known),
  }));
  if (rows.length === 0) return;
  const columns = sql.join(counterNames.map((name) => sql.ref(`v.${name}`)));
  const values = sql.join(counterNames.map((name) => sql.ref(`u.${name}`)));
  await sql`
    update account_videos v set ${counterAssignments}
    from ${unnest(rows, { account_video_id: 'uuid', ...counterTypes })}
    where v.organization_id = ${account.organizationId} and v.account_video_id = u.account_video_id
      and (${columns}) is distinct from (${values})`.execute(trx);
}

const neverNull = new Set<string>(counterNames.slice(0, 5));

async function replaceSums(trx: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<void> {
  const sums = counterNames.map((name, i) => {
    const sum = history.sums[i] ?? (neverNull.has(name) ? 0 : null);
    return sql`${sql.id(name)} = ${sum}`;
  });
  await sql`
    update accounts set ${sql.join(sums)}, total_post_count = ${history.holdings.length}
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}`.execute(trx);
}
