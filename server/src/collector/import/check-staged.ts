import { type Kysely, type RawBuilder, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { type RowProblem, totalPattern } from './fields.ts';

const numberColumns = [
  'follower_count',
  'following_count',
  'post_count',
  'view_count',
  'play_count',
  'like_count',
  'comment_count',
  'share_count',
  'saved_count',
];
const fieldOf = (column: string): string => (column === 'post_count' ? 'profile_post_count' : column);

interface Found {
  line: number;
  /** A line of a wide table is about many profiles, and bad for one of them. */
  username: string;
  field: string;
  value: string;
  message: string;
}

/**
 * What is wrong with staged rows that each for itself are right: they contradict each other, or what is known already. What is
 * found is taken out of the table. Answers the number of rows that were.
 */
export async function checkStaged(db: Kysely<Database>, onProblem: (problem: RowProblem) => void): Promise<number> {
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = 0`.execute(trx);
    let bad = 0;
    for (const find of [differingNumbers(), differingTimes(), simulated(), totalsBesidePosts()]) {
      for (;;) {
        const { rows } = await sql<Found>`${find} order by line limit ${findingsAtOnce}`.execute(trx);
        if (rows.length === 0) break;
        rows.forEach(({ line, field, value, message }) => onProblem({ line, field, value, message }));
        await sql`
          delete from import_rows s using ${unnest(rows, { line: 'bigint', username: 'text' })}
          where s.line = u.line and s.username = u.username`.execute(trx);
        bad += new Set(rows.map((row) => row.line)).size;
      }
    }
    return bad;
  });
}

const findingsAtOnce = 10_000;

const key = sql`platform, username, coalesce(external_id, '')`;

/** Two rows about one moment of one post that both give a number, and not the same. The first line is believed. */
function differingNumbers(): RawBuilder<Found> {
  const differs = sql.raw(numberColumns.map((name) => `min(${name}) <> max(${name})`).join(' or '));
  const firsts = sql.raw(
    numberColumns
      .map((name) => `(array_agg(${name} order by line) filter (where ${name} is not null))[1] as ${name}`)
      .join(', '),
  );
  const findings = numberColumns.map(
    (name) => sql`
      select r.line, r.username, ${fieldOf(name)} as field, r.${sql.raw(name)}::text as value, f.line as first_line
      from first_values f join import_rows r on ${sameReading} where r.${sql.raw(name)} <> f.${sql.raw(name)}`,
  );
  return sql`
    with first_values as materialized (
      select platform, username, coalesce(external_id, '') as post, read_at, min(line) as line, ${firsts} from import_rows
      group by ${key}, read_at having ${differs}
    )
    select line, username, field, value, 'contradicts line ' || first_line || ', which says otherwise of ' || username || ' at the same moment' as message
    from (${sql.join(findings, sql` union all `)}) findings`;
}

const sameReading = sql`r.platform = f.platform and r.username = f.username
  and coalesce(r.external_id, '') = f.post and r.read_at = f.read_at`;

function differingTimes(): RawBuilder<Found> {
  return sql`
    with first_values as materialized (
      select platform, username, external_id, (array_agg(create_time order by line))[1] as create_time,
        (array_agg(line order by line))[1] as line
      from import_rows where create_time is not null
      group by 1, 2, 3 having min(create_time) <> max(create_time)
    )
    select r.line, r.username, 'create_time' as field, r.create_time::text as value,
      'contradicts line ' || f.line || ', where the same post was published at another time' as message
    from first_values f join import_rows r using (platform, username, external_id) where r.create_time <> f.create_time`;
}

const profiles = sql`
  (select platform, username from import_rows group by 1, 2) named
  join profile_handles h using (platform, username) join profiles p using (profile_id)`;

/** Made-up numbers and real ones are never one series. */
function simulated(): RawBuilder<Found> {
  return sql`
    select r.line, r.username, 'username' as field, r.username as value,
      'was read from the sandbox here; import real numbers into a data directory (or database) of their own' as message
    from (
      select named.platform, named.username from ${profiles}
      where exists (select from profile_readings x where x.profile_id = p.profile_id and x.source = 'sandbox')
    ) sandbox join import_rows r using (platform, username)`;
}

/** Totals stand for all posts of a profile, so beside any post of it they would count twice. */
function totalsBesidePosts(): RawBuilder<Found> {
  return sql`
    select r.line, r.username, 'external_id' as field, r.external_id as value,
      'is a total of all posts, and posts of this profile are known one by one (or read by an active account): it would count twice' as message
    from import_rows r
    where r.external_id like ${totalPattern} and (
      exists (
        select from import_rows o where o.platform = r.platform and o.username = r.username
          and o.external_id not like ${totalPattern})
      or exists (
        select from profile_handles h where h.platform = r.platform and h.username = r.username and (
          exists (select from posts p where p.profile_id = h.profile_id and p.external_id not like ${totalPattern})
          or exists (select from accounts a where a.profile_id = h.profile_id and a.is_active and a.deleted_at is null))))
    union all
    select r.line, r.username, 'external_id', r.external_id,
      'is a post of a profile of which totals of all posts were imported: it would count twice'
    from (
      select named.platform, named.username from ${profiles}
      where exists (select from posts x where x.profile_id = p.profile_id and x.external_id like ${totalPattern})
    ) totals join import_rows r using (platform, username) where r.external_id not like ${totalPattern}`;
}
