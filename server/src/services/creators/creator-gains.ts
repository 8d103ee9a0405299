import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Day } from '../../metrics/days.ts';
import type { DayRow } from '../../metrics/series.ts';
import { lastSettledDay } from '../../metrics/settled.ts';
import { presetWindow, type Preset, type Window } from '../../metrics/windows.ts';
import { representsProfile } from '../accounts/represents-profile.ts';
import { readBooks } from '../organization-books/read-books.ts';

/** What all accounts of a creator gained in a window; null = not read. */
export interface CreatorGains extends Omit<DayRow, 'day' | 'saves'> {
  creator_id: string;
  followers_gained: number | null;
}

/**
 * Every creator with the gains of the accounts linked now, by name. A profile that two accounts track counts once. What is
 * settled comes from the accounts' spans; later days, and accounts without a span, day by day.
 */
export async function creatorGains(
  db: Kysely<Database>,
  organizationId: string,
  window: Window & { period: Preset },
): Promise<CreatorGains[]> {
  const { spannedOn } = await readBooks(db, organizationId);
  const usable = spannedOn !== null && spannedOn <= window.end ? spannedOn : null;
  const parts = [
    ...(usable === null ? [] : spanned(organizationId, window, usable)),
    ...unspanned(organizationId, window),
  ];
  const { rows } = await sql<CreatorGains>`
    with members as materialized (
      select a.creator_id, a.account_id, s.account_id is not null as has_span, ${spanColumns}
      from accounts a
      left join account_spans s on s.organization_id = ${organizationId} and s.spanned_on = ${usable}::date
        and s.days = ${window.days} and s.account_id = a.account_id
      where a.organization_id = ${organizationId} and a.creator_id is not null and a.deleted_at is null
        and ${representsProfile('creator')}
    ), gains as (
      select creator_id, ${sums} from (${sql.join(parts, sql` union all `)}) p (creator_id, ${names}) group by creator_id
    )
    select c.creator_id, ${gainColumns}
    from creators c left join gains g using (creator_id)
    where c.organization_id = ${organizationId}
    order by c.name, c.creator_id`.execute(db);
  return rows;
}

const gained = ['views', 'plays', 'likes', 'comments', 'shares', 'followers_gained'];
const listed = (names: readonly string[], write: (name: string) => string): string => names.map(write).join(', ');
const withLevel = [...gained, 'followers'];
const names = sql.raw(listed(withLevel, (name) => name));
const spanColumns = sql.raw(listed(withLevel, (name) => `s.${name}`));
const gainColumns = sql.raw(listed(withLevel, (name) => `g.${name}`));
const sums = sql.raw(listed(withLevel, (name) => `sum(${name})::bigint as ${name}`));
const plus = sql.raw(listed(gained, (name) => `d.${name}`));
const minus = sql.raw(listed(gained, (name) => `-d.${name}`));
const none = sql.raw(listed(gained, () => 'null'));

/** The spans, with the days that have come since they were made and without those that the window has left behind. */
function spanned(organizationId: string, window: Window & { period: Preset }, spannedOn: Day): RawBuilder<unknown>[] {
  const { start } = presetWindow(window.period, spannedOn);
  const days = sql`members m join account_days d on d.organization_id = ${organizationId} and d.account_id = m.account_id`;
  return [
    sql`select creator_id, ${names} from members where has_span`,
    sql`
      select m.creator_id, ${plus}, d.followers - coalesce(d.followers_before, 0) from ${days}
      where has_span and d.day > ${lastSettledDay(spannedOn)}::date and d.day <= ${window.end}::date`,
    sql`
      select m.creator_id, ${minus}, null from ${days}
      where has_span and d.day >= ${start}::date and d.day < ${window.start}::date`,
  ];
}

function unspanned(organizationId: string, { start, end }: Window): RawBuilder<unknown>[] {
  const ofAccount = sql`d.organization_id = ${organizationId} and d.account_id = m.account_id`;
  return [
    sql`
      select m.creator_id, ${plus}, null from members m
      join account_days d on ${ofAccount} and d.day between ${start}::date and ${end}::date
      where not has_span`,
    sql`
      select m.creator_id, ${none}, l.followers from members m
      cross join lateral (
        select d.followers from account_days d
        where ${ofAccount} and d.day <= ${end}::date and d.followers is not null
        order by d.day desc limit 1
      ) l
      where not has_span`,
  ];
}
