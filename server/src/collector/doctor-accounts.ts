import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { counterNames, gainNames } from '../metrics/counters.ts';
import {
  type AccountHistory,
  type AccountRef,
  accountHistory,
  boundedTimes,
  type ScrapeTimes,
} from './account-history.ts';
import { differingDays } from './doctor-days.ts';
import { countersOfRow } from '../services/posts/counters-of-row.ts';
import { lastLevels } from './rebuild-facts.ts';

/** What an account's books say that its readings do not. */
export async function accountProblems(db: Kysely<Database>, account: AccountRef) {
  const history = await accountHistory(db, account);
  return {
    days: differingDays(await storedDays(db, account), expectedDays(history)),
    sums: await differingSums(db, account),
    totals: await differingTotals(db, account, history),
  };
}

async function storedDays(db: Kysely<Database>, account: AccountRef): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('account_days')
    .selectAll()
    .where('organization_id', '=', account.organizationId)
    .where('account_id', '=', account.accountId)
    .execute();
  return new Map(
    rows.map((row) => [
      row.day,
      [...gainNames.map((name) => row[name]), row.followers, row.followers_before, row.followers_gained].join(),
    ]),
  );
}

const expectedDays = (history: AccountHistory): Map<number, string> =>
  new Map(
    [...history.days].map(([day, { gains, followers, followersBefore, followersGained }]) => [
      day,
      [...gains, followers, followersBefore, followersGained].join(),
    ]),
  );

/** The contract's truth without the code that books gains: per metric, all days together = last known - baseline. */
async function differingSums(db: Kysely<Database>, account: AccountRef): Promise<string[]> {
  const metrics = gainNames.map((gain, i) => ({ gain, counter: counterNames[i] ?? gain }));
  const dayTotals = sql.join(
    metrics.map(({ gain }) => sql`coalesce(sum(${sql.ref(gain)}), 0)::bigint as ${sql.id(gain)}`),
  );
  const differences = metrics.map(({ gain, counter }) => {
    const first = sql`(select r.${sql.id(counter)} from post_readings r
      where r.profile_id = v.profile_id and r.post_id = v.post_id and r.read_at >= v.added_at
        and r.${sql.id(counter)} is not null
        and not exists (select from account_pauses z where z.organization_id = v.organization_id and z.account_id = v.account_id
          and r.read_at >= z.started_at and (z.ended_at is null or r.read_at < z.ended_at))
      order by r.read_at limit 1)`;
    const base = sql`case when v.counts_from_zero then 0 else ${first} end`;
    return sql`coalesce(sum(v.${sql.id(counter)} - ${base}), 0)::bigint as ${sql.id(gain)}`;
  });
  const where = sql`organization_id = ${account.organizationId} and account_id = ${account.accountId}`;
  const booked = await sql<Record<string, number>>`select ${dayTotals} from account_days where ${where}`.execute(db);
  const grown = await sql<
    Record<string, number>
  >`select ${sql.join(differences)} from account_videos v where ${where}`.execute(db);
  return gainNames.flatMap((name) => {
    const [sum, difference] = [booked.rows[0]?.[name], grown.rows[0]?.[name]];
    return sum === difference ? [] : [`${name}: days sum to ${sum}, counters grew by ${difference}`];
  });
}

async function differingTotals(db: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<string[]> {
  const stored = await db
    .selectFrom('account_videos')
    .select(['account_video_id', ...counterNames])
    .where('organization_id', '=', account.organizationId)
    .where('account_id', '=', account.accountId)
    .execute();
  const expected = new Map(history.holdings.map((holding) => [holding.accountVideoId, holding.known.join()]));
  const problems = stored.flatMap((row) => {
    const found = countersOfRow(row).join();
    const wanted = expected.get(row.account_video_id);
    return found === wanted ? [] : [`post ${row.account_video_id} says ${found}, readings say ${wanted ?? 'nothing'}`];
  });
  const sums = await db
    .selectFrom('accounts')
    .select([...counterNames, 'total_post_count', 'first_scrape_time', 'last_scrape_time'])
    .where('organization_id', '=', account.organizationId)
    .where('account_id', '=', account.accountId)
    .executeTakeFirstOrThrow();
  const found = countersOfRow(sums).map((value, i) => (i < 5 ? (value ?? 0) : value));
  const wanted = history.sums.map((value, i) => (i < 5 ? (value ?? 0) : value));
  if (found.join() !== wanted.join()) problems.push(`sums say ${found.join()}, posts say ${wanted.join()}`);
  problems.push(...(await differingLevels(db, account, history)), ...impossibleTimes(sums, history));
  if (sums.total_post_count !== stored.length)
    problems.push(`counts ${sums.total_post_count} posts, holds ${stored.length}`);
  return problems;
}

async function differingLevels(db: Kysely<Database>, account: AccountRef, history: AccountHistory): Promise<string[]> {
  if (history.lastReadAt === null) return [];
  const { rows } = await sql<{ stored: string; wanted: string }>`
    select (a.follower_count, a.following_count, a.profile_post_count)::text as stored,
      (${lastLevels(sql`r.read_at <= ${history.lastReadAt}`)})::text as wanted
    from accounts a join profiles p using (profile_id)
    where a.organization_id = ${account.organizationId} and a.account_id = ${account.accountId}`.execute(db);
  return rows.flatMap(({ stored, wanted }) =>
    stored === wanted ? [] : [`levels say ${stored}, readings say ${wanted}`],
  );
}

function impossibleTimes(
  {
    first_scrape_time: first,
    last_scrape_time: last,
  }: { first_scrape_time: Date | null; last_scrape_time: Date | null },
  history: AccountHistory,
): string[] {
  const written = (times: ScrapeTimes): string =>
    [times.first, times.last].map((time) => time?.toISOString() ?? 'never').join(' and ');
  const [stored, possible] = [written({ first, last }), written(boundedTimes(history, { first, last }))];
  return stored === possible ? [] : [`first and last refresh say ${stored}, readings allow ${possible}`];
}
