import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { CounterColumns } from '../database/columns.ts';
import type { Database } from '../database/tables.ts';
import { type Counters, counterNames } from '../metrics/counters.ts';
import {
  type BookedDays,
  bookPostRuns,
  bookProfileRuns,
  type PostRun,
  type ProfileRun,
  sumCounters,
} from '../metrics/history.ts';
import { wholeSecond } from '../metrics/runs.ts';
import { outsidePausesOf } from '../services/accounts/profile-twins.ts';
import { countersOfRow } from '../services/posts/counters-of-row.ts';

export interface AccountRef {
  organizationId: string;
  accountId: string;
}

/** What an account's books must say, computed from readings alone. */
export interface AccountHistory {
  days: BookedDays;
  holdings: { accountVideoId: string; known: Counters }[];
  sums: Counters;
  /** The account's last own reading of its profile began its run then. */
  lastReadAt: Date | null;
  /** When its profile was first and last read for it, incomplete refreshes included. */
  firstReadAt: Date | null;
  lastConfirmedAt: Date | null;
}

export interface ScrapeTimes {
  first: Date | null;
  last: Date | null;
}

// Posts that were read every hour of a year have 8,760 readings each.
const holdingsPerChunk = 100;

interface HoldingRow {
  account_video_id: string;
  counts_from_zero: boolean;
}

/** Reads every reading that belongs to the account, and books it anew. */
export async function accountHistory(db: Kysely<Database>, account: AccountRef): Promise<AccountHistory> {
  const days: BookedDays = new Map();
  const runs = await profileRuns(db, account);
  bookProfileRuns(days, runs);
  const holdings: AccountHistory['holdings'] = [];
  let after: string | null = null;
  for (;;) {
    const chunk: HoldingRow[] = await holdingsAfter(db, account, after);
    const ofPosts = await postRuns(
      db,
      account,
      chunk.map((row) => row.account_video_id),
    );
    for (const row of chunk) {
      const known = bookPostRuns(days, ofPosts.get(row.account_video_id) ?? [], row.counts_from_zero);
      holdings.push({ accountVideoId: row.account_video_id, known });
    }
    after = chunk.at(-1)?.account_video_id ?? null;
    if (chunk.length < holdingsPerChunk || after === null) break;
  }
  return {
    days,
    holdings,
    sums: sumCounters(holdings.map((holding) => holding.known)),
    lastReadAt: runs.at(-1)?.readAt ?? null,
    firstReadAt: runs[0]?.readAt ?? null,
    lastConfirmedAt: runs.at(-1)?.confirmedAt ?? null,
  };
}

/**
 * An account's times of refresh, in the bounds that its readings set. Which of them were of complete refreshes is not written
 * down with them, so a time in these bounds is believed.
 */
export function boundedTimes(
  { firstReadAt, lastConfirmedAt }: AccountHistory,
  { first, last }: ScrapeTimes,
): ScrapeTimes {
  if (last === null || firstReadAt === null || lastConfirmedAt === null) return { first: null, last: null };
  const [from, to] = [wholeSecond(firstReadAt).getTime(), wholeSecond(lastConfirmedAt).getTime()];
  const end = Math.min(Math.max(last.getTime(), from), to);
  const begin = Math.min(Math.max(first?.getTime() ?? from, from), end);
  return { first: new Date(begin), last: new Date(end) };
}

async function holdingsAfter(db: Kysely<Database>, account: AccountRef, after: string | null): Promise<HoldingRow[]> {
  const { rows } = await sql<HoldingRow>`
    select account_video_id, counts_from_zero from account_videos
    where organization_id = ${account.organizationId} and account_id = ${account.accountId}
      ${after === null ? sql`` : sql`and account_video_id > ${after}`}
    order by account_video_id limit ${holdingsPerChunk}`.execute(db);
  return rows;
}

/** Of thousands of rows: the driver takes a fifth of all the time to read times, and none to read integers. */
const milliseconds = (time: RawBuilder<unknown>): RawBuilder<number> =>
  sql`(extract(epoch from ${time}) * 1000)::bigint`;

async function postRuns(
  db: Kysely<Database>,
  account: AccountRef,
  ids: readonly string[],
): Promise<Map<string, PostRun[]>> {
  const { rows } = await sql<CounterColumns & { account_video_id: string; read_ms: number; confirmed_ms: number }>`
    select v.account_video_id, ${milliseconds(sql`r.read_at`)} as read_ms,
      ${milliseconds(sql`case when r.read_at = p.read_at then p.confirmed_at else r.confirmed_at end`)} as confirmed_ms,
      ${sql.join(counterNames.map((name) => sql.ref(`r.${name}`)))}
    from account_videos v
    join accounts a on a.organization_id = v.organization_id and a.account_id = v.account_id
    join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
    join post_readings r on r.profile_id = v.profile_id and r.post_id = v.post_id and r.read_at >= v.added_at
    where v.organization_id = ${account.organizationId} and v.account_video_id = any(${[...ids]}::uuid[]) and ${outsidePausesOf(account)}
    order by v.account_video_id, r.read_at`.execute(db);
  const byId = new Map<string, PostRun[]>();
  for (const row of rows) {
    const run = { readAt: new Date(row.read_ms), confirmedAt: new Date(row.confirmed_ms), read: countersOfRow(row) };
    const runs = byId.get(row.account_video_id);
    if (runs) runs.push(run);
    else byId.set(row.account_video_id, [run]);
  }
  return byId;
}

async function profileRuns(db: Kysely<Database>, account: AccountRef): Promise<ProfileRun[]> {
  const { rows } = await sql<{ read_at: Date; confirmed_at: Date; follower_count: number | null }>`
    select r.read_at, case when r.read_at = p.read_at then p.confirmed_at else r.confirmed_at end as confirmed_at, r.follower_count
    from accounts a
    join profiles p on p.profile_id = a.profile_id
    join profile_readings r on r.profile_id = a.profile_id and r.read_at >= a.counted_from
    where a.organization_id = ${account.organizationId} and a.account_id = ${account.accountId} and ${outsidePausesOf(account)}
    order by r.read_at`.execute(db);
  return rows.map((row) => ({ readAt: row.read_at, confirmedAt: row.confirmed_at, followers: row.follower_count }));
}
