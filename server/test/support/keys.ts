import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { newId } from '../../src/database/ids.ts';
import type { Database } from '../../src/database/tables.ts';

/** Another key of an organization. */
export async function createKey(
  db: Kysely<Database>,
  organizationId: string,
  scopes: string[],
): Promise<{ apiKey: string; apiKeyId: string }> {
  const apiKey = `tga_${randomBytes(32).toString('hex')}`;
  const apiKeyId = newId();
  await db
    .insertInto('api_keys')
    .values({
      organization_id: organizationId,
      api_key_id: apiKeyId,
      name: scopes.join(' '),
      prefix: apiKey.slice(0, 12),
      key_hash: createHash('sha256').update(apiKey).digest(),
      scopes,
      created_at: new Date(0),
    })
    .execute();
  return { apiKey, apiKeyId };
}

export async function setKeyDisabled(db: Kysely<Database>, apiKeyId: string, at: Date | null): Promise<void> {
  await db.updateTable('api_keys').set({ disabled_at: at }).where('api_key_id', '=', apiKeyId).execute();
}
