import { invalid, notFound } from '../../contract/problem.ts';
import { audit } from '../audit.ts';
import { authorizeOperator } from '../authorize-admin.ts';
import type { Context } from '../context.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';

/** What the operator allows a tenant. */
export interface OrganizationChanges {
  /** How many accounts it may track; null = any number. */
  accountQuota: number | null;
}

const maxAccountQuota = 2 ** 31 - 1;

/** Changes what the organization of the context may do. A cap below what it tracks stops nothing but new accounts. */
export async function updateOrganization(
  ctx: Context,
  input: OrganizationChanges,
): Promise<OrganizationChanges & { organizationId: string; name: string }> {
  authorizeOperator(ctx);
  const accountQuota = parseQuota(input.accountQuota);
  const { organizationId } = ctx;
  return inTransaction(ctx, async (trx) => {
    const row = await trx
      .updateTable('organizations')
      .set({ account_quota: accountQuota })
      .where('organization_id', '=', organizationId)
      .returning('name')
      .executeTakeFirst();
    if (row === undefined) throw notFound('organization');
    await bumpVersion(trx, [organizationId]);
    const subject = { subjectType: 'organization', subjectId: organizationId };
    await audit(trx, ctx, { action: 'organization.update', ...subject, detail: { account_quota: accountQuota } });
    return { organizationId, name: row.name, accountQuota };
  });
}

function parseQuota(quota: number | null): number | null {
  if (quota === null || (Number.isInteger(quota) && quota >= 0 && quota <= maxAccountQuota)) return quota;
  throw invalid([{ field: 'account_quota', message: `must be between 0 and ${maxAccountQuota}` }]);
}
