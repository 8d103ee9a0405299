import { createHash, randomBytes } from 'node:crypto';
import type { Kysely } from 'kysely';
import { newId } from '../../src/database/ids.ts';
import type { Database } from '../../src/database/tables.ts';

export interface TestOrganization {
  organizationId: string;
  projectId: string;
  apiKey: string;
}

const VERSION_SLOTS = 8;
const PREFIX_LENGTH = 12;

/** An organization with its default project and a key that may do everything. Each suite makes its own. */
export async function createOrganization(db: Kysely<Database>, name = 'Test'): Promise<TestOrganization> {
  const organizationId = newId();
  const projectId = newId();
  const apiKey = `tga_${randomBytes(32).toString('hex')}`;
  const createdAt = new Date(Date.now());
  await db.transaction().execute(async (trx) => {
    await trx
      .insertInto('organizations')
      .values({ organization_id: organizationId, name, created_at: createdAt })
      .execute();
    const slots = Array.from({ length: VERSION_SLOTS }, (_, slot) => ({ organization_id: organizationId, slot }));
    await trx.insertInto('organization_versions').values(slots).execute();
    await trx
      .insertInto('projects')
      .values({
        organization_id: organizationId,
        project_id: projectId,
        name: 'Default',
        is_default: true,
        created_at: createdAt,
      })
      .execute();
    await trx
      .insertInto('api_keys')
      .values({
        organization_id: organizationId,
        api_key_id: newId(),
        name: 'Test key',
        prefix: apiKey.slice(0, PREFIX_LENGTH),
        key_hash: createHash('sha256').update(apiKey).digest(),
        scopes: ['read', 'write', 'admin'],
        created_at: createdAt,
      })
      .execute();
  });
  return { organizationId, projectId, apiKey };
}
