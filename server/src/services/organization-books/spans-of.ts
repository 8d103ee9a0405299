import { type RawBuilder, sql } from 'kysely';
import type { Day } from '../../metrics/days.ts';
import { lastSettledDay } from '../../metrics/settled.ts';
import { presets, presetWindow } from '../../metrics/windows.ts';

const spanned = ['views', 'plays', 'likes', 'comments', 'shares', 'followers_gained'];
const sums = sql.raw(spanned.map((name) => `coalesce(sum(d.${name}), 0)::bigint as ${name}`).join(', '));

/** The columns of account_spans, in the order in which `spansOf` selects them. */
export const spanColumns: readonly string[] = [
  'organization_id',
  'spanned_on',
  'days',
  'account_id',
  ...spanned,
  'followers',
];

/** What accounts gained in the settled part of the windows that end on a day, and their level at its end. */
export function spansOf(organizationId: string, spannedOn: Day, accountIds: readonly string[]): RawBuilder<unknown> {
  const through = lastSettledDay(spannedOn);
  const windows = presets.map((preset) => presetWindow(preset, spannedOn));
  const first = windows.reduce((day, { start }) => (start < day ? start : day), spannedOn);
  const rows = sql.join(windows.map(({ start, days }) => sql`(${days}::smallint, ${start}::date)`));
  return sql`
    select ${organizationId}::uuid as organization_id, ${spannedOn}::date as spanned_on, w.days, a.account_id, ${sums}, l.followers
    from unnest(${[...accountIds]}::uuid[]) as a(account_id)
    cross join (values ${rows}) as w(days, start)
    left join account_days d on d.organization_id = ${organizationId} and d.account_id = a.account_id
      and d.day between ${first}::date and ${through}::date and d.day >= w.start
    left join lateral (
      select e.followers from account_days e
      where e.organization_id = ${organizationId} and e.account_id = a.account_id and e.day <= ${through}::date
        and e.followers is not null
      order by e.day desc limit 1
    ) l on true
    group by w.days, a.account_id, l.followers`;
}
