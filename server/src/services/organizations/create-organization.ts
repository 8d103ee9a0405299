import { invalid } from '../../contract/problem.ts';
import { newId } from '../../database/ids.ts';
import { audit } from '../audit.ts';
import { authorizeOperator } from '../authorize-admin.ts';
import type { Context } from '../context.ts';
import { insertKey } from '../keys/insert-key.ts';
import { newKeySecret } from '../keys/key-secret.ts';
import { parseNewKey } from '../keys/parse-key.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';

/** The surroundings of a verb that no organization exists for yet. */
export type OperatorContext = Omit<Context, 'organizationId'>;

const maxNameLength = 200;

/** A new tenant with its default project and a first key with every scope, whose secret only this answer holds. */
export async function createOrganization(
  operator: OperatorContext,
  input: { name: string; secret?: string },
): Promise<{ organizationId: string; secret: string }> {
  authorizeOperator(operator);
  const name = parseName(input.name);
  const secret = input.secret ?? newKeySecret();
  const ctx: Context = { ...operator, organizationId: newId() };
  const { organizationId } = ctx;
  const createdAt = ctx.clock.now();
  return inTransaction(ctx, async (trx) => {
    await trx
      .insertInto('organizations')
      .values({ organization_id: organizationId, name, created_at: createdAt })
      .execute();
    await trx.insertInto('organization_versions').values(versionSlots(organizationId)).execute();
    const project = { organization_id: organizationId, project_id: newId(), name: 'Default', is_default: true };
    await trx
      .insertInto('projects')
      .values({ ...project, created_at: createdAt })
      .execute();
    await insertKey(trx, ctx, parseNewKey({ name: 'First key' }), secret);
    await bumpVersion(trx, [organizationId]);
    const subject = { subjectType: 'organization', subjectId: organizationId };
    await audit(trx, ctx, { action: 'organization.create', ...subject, detail: { name } });
    return { organizationId, secret };
  });
}

/** Made at once, so that the first writers find their slots instead of racing to make them. */
function versionSlots(organizationId: string): { organization_id: string; slot: number }[] {
  return Array.from({ length: 8 }, (_, slot) => ({ organization_id: organizationId, slot }));
}

function parseName(raw: string): string {
  const name = raw.trim();
  if (name !== '' && name.length <= maxNameLength) return name;
  throw invalid([{ field: 'name', message: `must contain between 1 and ${maxNameLength} characters` }]);
}
