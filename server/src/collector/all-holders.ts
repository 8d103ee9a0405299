import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import type { AccountRef } from './account-history.ts';
import type { VideoRef } from './video-history.ts';

const rowsPerChunk = 500;
const firstId = '00000000-0000-0000-0000-000000000000';

/** Every account of every organization, deleted ones included, in a fixed order and in bounded memory. */
export async function* allAccounts(db: Kysely<Database>): AsyncGenerator<AccountRef> {
  for await (const { organizationId, id } of allOf(db, 'accounts', 'account_id')) {
    yield { organizationId, accountId: id };
  }
}

/** Every video likewise. */
export async function* allVideos(db: Kysely<Database>): AsyncGenerator<VideoRef> {
  for await (const { organizationId, id } of allOf(db, 'videos', 'video_id')) yield { organizationId, videoId: id };
}

/** How many accounts and videos there are. */
export async function countHolders(db: Kysely<Database>): Promise<number> {
  const { rows } = await sql<{ total: number }>`
    select (select count(*) from accounts)::int + (select count(*) from videos)::int as total`.execute(db);
  return rows[0]?.total ?? 0;
}

async function* allOf(
  db: Kysely<Database>,
  table: 'accounts' | 'videos',
  key: 'account_id' | 'video_id',
): AsyncGenerator<{ organizationId: string; id: string }> {
  let after = { organizationId: firstId, id: firstId };
  for (;;) {
    const { rows } = await sql<{ organization_id: string; id: string }>`
      select organization_id, ${sql.ref(key)} as id from ${sql.table(table)}
      where (organization_id, ${sql.ref(key)}) > (${after.organizationId}, ${after.id})
      order by organization_id, ${sql.ref(key)} limit ${rowsPerChunk}`.execute(db);
    for (const row of rows) {
      after = { organizationId: row.organization_id, id: row.id };
      yield after;
    }
    if (rows.length < rowsPerChunk) return;
  }
}
