import { type Kysely, sql } from 'kysely';
import type { Database } from '../../server/src/database/tables.ts';

/** Fills tables without the indexes that no constraint needs, and makes those afterwards: minutes instead of an hour. */
export async function withoutIndexes(
  db: Kysely<Database>,
  tables: readonly string[],
  fill: () => Promise<void>,
): Promise<void> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select i.indexrelid::regclass::text as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i
    where i.indrelid = any(${[...tables]}::regclass[])
      and not exists (select from pg_constraint c where c.conindid = i.indexrelid)`.execute(db);
  for (const { name } of rows) await sql`drop index ${sql.raw(name)}`.execute(db);
  await fill();
  process.stderr.write('  indexes …\n');
  for (const { definition } of rows) await sql.raw(definition).execute(db);
}
