import { type Kysely, sql } from 'kysely';
import { repeatable } from '../database/retry.ts';
import type { Database } from '../database/tables.ts';
import type { Day } from '../metrics/days.ts';
import { lockBooks } from '../services/organization-books/lock-books.ts';
import { unsettle } from '../services/organization-books/unsettle.ts';
import { rebookSharedPosts } from '../services/shared-posts/rebook-shared-posts.ts';
import { allSharedPosts } from '../services/shared-posts/all-shared-posts.ts';
import { bumpVersion } from '../services/versions.ts';

/** Forgets all settled days, and answers up to where they were: they are summed up anew once all accounts are made anew. */
export async function unsettleAll(db: Kysely<Database>): Promise<{ organizationId: string; through: Day }[]> {
  const { rows } = await sql<{ organization_id: string }>`
    select organization_id from organization_books order by organization_id`.execute(db);
  const settled: { organizationId: string; through: Day }[] = [];
  for (const { organization_id: organizationId } of rows) {
    const through = await repeatable(db, (trx) => unsettle(trx, organizationId));
    if (through !== null) settled.push({ organizationId, through });
  }
  return settled;
}

/** Makes the corrections of all posts anew that an organization holds more than once, or did. */
export async function rebuildShared(db: Kysely<Database>): Promise<void> {
  for await (const { organizationId, platform, externalIds } of allSharedPosts(db)) {
    await repeatable(db, async (trx) => {
      await lockBooks(trx, [organizationId], 'alone');
      await rebookSharedPosts(trx, { organizationIds: [organizationId], platform, externalIds });
      await bumpVersion(trx, [organizationId]);
    });
  }
}
