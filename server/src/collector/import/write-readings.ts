import { type RawBuilder, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { counterFields } from './fields.ts';
import type { Named } from './tracked-account.ts';

export const importSource = 'import';
const levels = ['follower_count', 'following_count', 'post_count'];

/** The staged rows `s` of a profile. */
export const isOf = ({ platform, username }: Named): RawBuilder<boolean> =>
  sql`s.platform = ${platform} and s.username = ${username}`;

/** Appends readings of the profile as the file says them, each a row of its own. Answers how many are new or corrected. */
export async function writeProfileReadings(
  trx: Transaction<Database>,
  profileId: number,
  named: Named,
): Promise<number> {
  const written = await sql`
    insert into profile_readings as r (profile_id, read_at, confirmed_at, ${list(levels)}, precision, source)
    select ${profileId}::bigint, s.read_at, s.read_at, ${maxima(levels)}, 'exact', ${importSource}
    from import_rows s where ${isOf(named)} and s.external_id is null group by s.read_at
    on conflict (profile_id, read_at) do update set ${correction(levels)} where ${isCorrection(levels)}`.execute(trx);
  return Number(written.numAffectedRows ?? 0n);
}

/** The same for its posts. A series of Instagram's legacy views takes no displayed ones (docs/adr/0003). */
export async function writePostReadings(
  trx: Transaction<Database>,
  { profileId, isUnread }: { profileId: number; isUnread: boolean },
  named: Named,
): Promise<number> {
  const [, ...others] = counterFields;
  const written = await sql`
    insert into post_readings as r (profile_id, post_id, read_at, confirmed_at, ${list(counterFields)}, precision, source)
    select ${profileId}::bigint, p.post_id, s.read_at, s.read_at,
      case when p.view_kind is distinct from 'legacy' then max(s.view_count) end, ${maxima(others)}, 'exact', ${importSource}
    from import_rows s join posts p on p.profile_id = ${profileId} and p.external_id = s.external_id
    where ${isOf(named)} and s.external_id is not null group by p.post_id, p.view_kind, s.read_at
    ${isUnread ? sql`` : correctPostReadings}`.execute(trx);
  return Number(written.numAffectedRows ?? 0n);
}

const list = (names: readonly string[]): RawBuilder<unknown> => sql.raw(names.join(', '));
/** Rows about one moment agree, so the largest is the only number. */
const maxima = (names: readonly string[]): RawBuilder<unknown> =>
  sql.raw(names.map((name) => `max(s.${name})`).join(', '));
const correction = (names: readonly string[]): RawBuilder<unknown> =>
  sql.raw(names.map((name) => `${name} = coalesce(excluded.${name}, r.${name})`).join(', '));
/** A reading that was collected stands; one that was imported before is what the file says now. */
const isCorrection = (names: readonly string[]): RawBuilder<boolean> =>
  sql`r.source = ${importSource} and (${sql.raw(names.map((name) => `coalesce(excluded.${name}, r.${name})`).join(', '))})
    is distinct from (${sql.raw(names.map((name) => `r.${name}`).join(', '))})`;

/** Costs a third of the time, so it is left out where nothing can be corrected. */
const correctPostReadings = sql`on conflict (profile_id, post_id, read_at)
  do update set ${correction(counterFields)} where ${isCorrection(counterFields)}`;

/** Keeps the views aside that a series of the other kind did not take. */
export async function refuseOtherViews(trx: Transaction<Database>, profileId: number, named: Named): Promise<void> {
  await sql`
    insert into refused_readings (profile_id, external_id, refused_at, source, reason, excerpt)
    select ${profileId}::bigint, p.external_id, s.read_at, ${importSource}, 'view_number_of_the_other_kind',
      jsonb_build_object('view_count', s.view_count, 'view_kind', 'displayed', 'series_kind', p.view_kind)
    from posts p join import_rows s on s.external_id = p.external_id
    where p.profile_id = ${profileId} and p.view_kind = 'legacy' and ${isOf(named)} and s.view_count is not null
      and not exists (
        select from refused_readings f where f.profile_id = p.profile_id and f.external_id = p.external_id
          and f.refused_at = s.read_at and f.source = ${importSource})`.execute(trx);
}
