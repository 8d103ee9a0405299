import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import { unnest } from '../../database/unnest.ts';
import { gainNames } from '../../metrics/counters.ts';
import type { Correction } from './corrections.ts';
import type { SharedPost } from './shared-post.ts';
import { dayKey, storedCorrections } from './stored-corrections.ts';

/** Stores the corrections of posts in place of those stored so far, in settled days too; rows that agree are left alone. */
export async function replaceCorrections(
  trx: Transaction<Database>,
  posts: readonly SharedPost[],
  wanted: readonly Correction[],
): Promise<void> {
  const stored = await storedCorrections(trx, posts);
  const changed = wanted.filter((row) => stored.get(dayKey(row))?.gains.join() !== row.gains.join());
  const kept = new Set(wanted.map(dayKey));
  const gone = [...stored.values()].filter((row) => !kept.has(dayKey(row)));
  await upsert(trx, changed);
  await remove(trx, gone);
  await addToSettled(trx, [
    ...changed.map((row) => minus(row, stored.get(dayKey(row)))),
    ...gone.map((row) => minus({ ...row, gains: [] }, row)),
  ]);
}

const gainList = sql.raw(gainNames.join(', '));
const newGains = sql.raw(gainNames.map((name) => `${name} = excluded.${name}`).join(', '));
const addedSums = sql.raw(gainNames.map((name) => `sum(u.${name})::bigint as ${name}`).join(', '));
const added = sql.raw(gainNames.map((name) => `${name} = d.${name} + s.${name}`).join(', '));
const types = {
  organization_id: 'uuid',
  platform: 'text',
  external_id: 'text',
  day: 'date',
  ...Object.fromEntries(gainNames.map((name) => [name, 'bigint'])),
};

const columnsOf = ({ organizationId, platform, externalId, day, gains }: Correction) => ({
  organization_id: organizationId,
  platform,
  external_id: externalId,
  day,
  ...Object.fromEntries(gainNames.map((name, i) => [name, gains[i] ?? 0])),
});

const minus = (row: Correction, before: Correction | undefined): Correction => ({
  ...row,
  gains: gainNames.map((_, i) => (row.gains[i] ?? 0) - (before?.gains[i] ?? 0)),
});

async function upsert(trx: Transaction<Database>, rows: readonly Correction[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    insert into shared_post_days (organization_id, platform, external_id, day, ${gainList})
    select u.organization_id, u.platform, u.external_id, u.day, ${gainList} from ${unnest(rows.map(columnsOf), types)}
    on conflict (organization_id, platform, external_id, day) do update set ${newGains}`.execute(trx);
}

async function remove(trx: Transaction<Database>, rows: readonly Correction[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    delete from shared_post_days d using ${unnest(rows.map(columnsOf), types)}
    where d.organization_id = u.organization_id and d.platform = u.platform and d.external_id = u.external_id
      and d.day = u.day`.execute(trx);
}

/** What a day's corrections changed by. A day that is settled has a row, since a post with a correction was read on it. */
async function addToSettled(trx: Transaction<Database>, rows: readonly Correction[]): Promise<void> {
  if (rows.length === 0) return;
  await sql`
    update organization_days d set ${added} from (
      select u.organization_id, u.day, ${addedSums} from ${unnest(rows.map(columnsOf), types)} group by 1, 2
    ) s where d.organization_id = s.organization_id and d.day = s.day`.execute(trx);
}
