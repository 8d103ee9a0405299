import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { DayRow } from '../../metrics/series.ts';
import type { Window } from '../../metrics/windows.ts';
import { representsProfile } from '../accounts/represents-profile.ts';

/** What all accounts of a creator gained in a window; null = not read. */
export interface CreatorGains extends Omit<DayRow, 'day'> {
  creator_id: string;
  followers_gained: number | null;
}

/** Every creator with the gains of the accounts linked now, by name. A profile that two accounts track counts once. */
export async function creatorGains(
  db: Kysely<Database>,
  organizationId: string,
  { start, end }: Window,
): Promise<CreatorGains[]> {
  const { rows } = await sql<CreatorGains>`
    with members as (
      select a.creator_id, a.account_id, a.platform from accounts a
      where a.organization_id = ${organizationId} and a.creator_id is not null and a.deleted_at is null and ${representsProfile('creator')}
    ), gained as (
      select m.creator_id, sum(d.views)::bigint as views, sum(d.plays)::bigint as plays, sum(d.likes)::bigint as likes,
        sum(d.comments)::bigint as comments, sum(d.shares)::bigint as shares,
        (sum(d.saves) filter (where m.platform = 'instagram'))::bigint as saves,
        sum(d.followers - d.followers_before)::bigint as followers_gained
      from members m join account_days d on d.organization_id = ${organizationId} and d.account_id = m.account_id
        and d.day between ${start}::date and ${end}::date
      group by m.creator_id
    ), levels as (
      select m.creator_id, sum(d.followers)::bigint as followers
      from members m cross join lateral (
        select d.followers from account_days d
        where d.organization_id = ${organizationId} and d.account_id = m.account_id and d.day <= ${end}::date and d.followers is not null
        order by d.day desc limit 1
      ) d
      group by m.creator_id
    )
    select c.creator_id, g.views, g.plays, g.likes, g.comments, g.shares, g.saves, g.followers_gained, l.followers
    from creators c left join gained g using (creator_id) left join levels l using (creator_id)
    where c.organization_id = ${organizationId}
    order by c.name, c.creator_id`.execute(db);
  return rows;
}
