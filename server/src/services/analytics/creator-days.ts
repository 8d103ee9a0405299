import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { Before } from '../../metrics/figures.ts';
import type { DayRow } from '../../metrics/series.ts';
import { pooledLevels } from '../accounts/profile-twins.ts';
import { pooledGains } from '../creators/pooled-gains.ts';
import type { DaySpan } from './account-day-rows.ts';
import { type AccountBefore, accountsBefore, beforeOf } from './before.ts';
import { groupDayRows, type Pooled, type PooledDay } from './group-day-rows.ts';

export interface CreatorDays {
  /** The days of the span on which any account was read, ascending. */
  rows: DayRow[];
  before: Before;
}

/** The days of the accounts linked to a creator now. A profile that several of them look at counts once. */
export async function creatorDays(
  db: Kysely<Database>,
  organizationId: string,
  creatorId: string,
  span: DaySpan,
): Promise<CreatorDays> {
  const accounts = await accountsBefore(db, organizationId, { creatorId }, span.from);
  const twins = new Set(twinsAmong(accounts));
  const members = accounts.map((account) => {
    const isPooled = twins.has(account.accountId);
    return { ...account, isPooled, followersBefore: isPooled ? null : account.followersBefore };
  });
  const pooled = await pooledOf(db, organizationId, [...twins], span);
  const before = beforeOf([...members, { wasRead: false, hasSaves: false, followersBefore: pooled.followersBefore }]);
  return { rows: await groupDayRows(db, organizationId, members, span, pooled), before };
}

function twinsAmong(accounts: readonly AccountBefore[]): string[] {
  return accounts
    .filter((account) =>
      accounts.some((other) => other.profileId === account.profileId && other.accountId !== account.accountId),
    )
    .map((account) => account.accountId);
}

async function pooledOf(
  db: Kysely<Database>,
  organizationId: string,
  accountIds: readonly string[],
  { from, to }: DaySpan,
): Promise<Pooled> {
  if (accountIds.length === 0) return { days: [], followersBefore: null };
  const whose = sql`a.organization_id = ${organizationId} and a.account_id = any(${[...accountIds]}::uuid[])`;
  const { rows: steps } = await sql<{ day: Day; step: number }>`
    select day, sum(followers - coalesce(followers_before, 0))::bigint as step from (${pooledLevels(whose)}) l
    where day <= ${to}::date group by day`.execute(db);
  const gains = await pooledGains(db, organizationId, accountIds);
  const earlier = steps.filter(({ day }) => day < from);
  const days: PooledDay[] = [
    ...gains.map((day) => ({ ...day, step: null })),
    ...steps.map(({ day, step }) => ({ ...ungained, day, step })),
  ];
  return {
    days: days.filter(({ day }) => day >= from && day <= to),
    followersBefore: earlier.length === 0 ? null : earlier.reduce((sum, { step }) => sum + step, 0),
  };
}

const ungained = { views: null, plays: null, likes: null, comments: null, shares: null, saves: null, has_saves: false };
