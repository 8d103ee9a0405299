import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import type { Day } from '../../metrics/days.ts';
import type { DayRow } from '../../metrics/series.ts';
import { lastSettledDay } from '../../metrics/settled.ts';
import { presetWindow, type Preset, type Window } from '../../metrics/windows.ts';
import { hasTwin, pooledLevels } from '../accounts/profile-twins.ts';
import { pooledGains } from './pooled-gains.ts';
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
  const twins = await twinsOfCreators(db, organizationId);
  const parts = [
    ...(usable === null ? [] : spanned(organizationId, window, usable)),
    ...unspanned(organizationId, window),
    ...(await pooled(db, organizationId, window, twins)),
  ];
  const { rows } = await sql<CreatorGains>`
    with members as materialized (
      select a.creator_id, a.account_id, s.account_id is not null as has_span,
        a.account_id = any(${twins.map((twin) => twin.account_id)}::uuid[]) as is_pooled, ${spanColumns}
      from accounts a
      left join account_spans s on s.organization_id = ${organizationId} and s.spanned_on = ${usable}::date
        and s.days = ${window.days} and s.account_id = a.account_id
      where a.organization_id = ${organizationId} and a.creator_id is not null and a.deleted_at is null
    ), gains as (
      select creator_id, ${sums} from (${sql.join(parts, sql` union all `)}) p (creator_id, ${names}) group by creator_id
    )
    select c.creator_id, ${gainColumns}
    from creators c left join gains g using (creator_id)
    where c.organization_id = ${organizationId}
    order by c.name, c.creator_id`.execute(db);
  return rows;
}

const postGains = ['views', 'plays', 'likes', 'comments', 'shares'];
const gained = [...postGains, 'followers_gained'];
const listed = (names: readonly string[], write: (name: string) => string): string => names.map(write).join(', ');
const withLevel = [...gained, 'followers'];
const names = sql.raw(listed(withLevel, (name) => name));
const spanColumns = sql.raw(listed(withLevel, (name) => `s.${name}`));
const gainColumns = sql.raw(listed(withLevel, (name) => `g.${name}`));
const sums = sql.raw(listed(withLevel, (name) => `sum(${name})::bigint as ${name}`));
// The levels of a profile that several accounts look at are pooled.
const own = (name: string, of: string): string =>
  name.startsWith('followers') ? `case when not m.is_pooled then ${of}.${name} end` : `${of}.${name}`;
const plus = sql.raw(listed(gained, (name) => own(name, 'd')));
const minus = sql.raw(listed(gained, (name) => `-(${own(name, 'd')})`));
const ofSpan = sql.raw(listed(withLevel, (name) => own(name, 'm')));
const none = sql.raw(listed(gained, () => 'null'));
const noPostGains = sql.raw(listed(postGains, () => 'null'));

/** The spans, with the days that have come since they were made and without those that the window has left behind. */
function spanned(organizationId: string, window: Window & { period: Preset }, spannedOn: Day): RawBuilder<unknown>[] {
  const { start } = presetWindow(window.period, spannedOn);
  const days = sql`members m join account_days d on d.organization_id = ${organizationId} and d.account_id = m.account_id`;
  return [
    sql`select m.creator_id, ${ofSpan} from members m where has_span`,
    sql`
      select m.creator_id, ${plus}, case when not m.is_pooled then d.followers - coalesce(d.followers_before, 0) end from ${days}
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
      where not has_span and not is_pooled`,
  ];
}

interface Twin {
  account_id: string;
  creator_id: string;
}

/** The accounts that look at a profile together with another one of their creator: few, if any. */
async function twinsOfCreators(db: Kysely<Database>, organizationId: string): Promise<Twin[]> {
  const { rows } = await sql<Twin>`
    select a.account_id, a.creator_id from accounts a
    where a.organization_id = ${organizationId} and a.creator_id is not null and a.deleted_at is null and ${hasTwin('creator')}`.execute(
    db,
  );
  return rows;
}

/** What they gained otherwise than each for itself. */
async function pooled(
  db: Kysely<Database>,
  organizationId: string,
  { start, end }: Window,
  twins: readonly Twin[],
): Promise<RawBuilder<unknown>[]> {
  if (twins.length === 0) return [];
  const ids = twins.map((twin) => twin.account_id);
  const gains = await pooledGains(db, organizationId, ids);
  const inWindow = gains.filter(({ day }) => day >= start && day <= end);
  const types = { creator_id: 'uuid', ...Object.fromEntries(postGains.map((name) => [name, 'bigint'])) };
  const linked = sql`a.organization_id = ${organizationId} and a.creator_id = c.creator_id`;
  return [
    sql`select u.*, null, null from ${unnest(inWindow, types)}`,
    sql`
      select c.creator_id, ${noPostGains}, case when l.day >= ${start}::date then l.followers_gained end,
        l.followers - coalesce(l.followers_before, 0)
      from unnest(${[...new Set(twins.map((twin) => twin.creator_id))]}::uuid[]) as c(creator_id)
      cross join lateral (${pooledLevels(linked)}) l where l.day <= ${end}::date`,
  ];
}
