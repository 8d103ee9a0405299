import { type FieldError, invalid, notFound } from '../../contract/problem.ts';
import { audit } from '../audit.ts';
import { authorizeOperator } from '../authorize-admin.ts';
import type { Context } from '../context.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';

/** What the operator allows a tenant; null = no limit. */
export interface OrganizationLimits {
  /** How many accounts it may track. */
  account_quota: number | null;
  /** How many of its latest posts an account without an own limit begins to hold. */
  max_recent_posts_per_account: number | null;
  /** How old a post may be for an account without an own limit to begin to hold it. */
  post_lookback_days: number | null;
}

const ranges: Record<keyof OrganizationLimits, [minimum: number, maximum: number]> = {
  account_quota: [0, 2 ** 31 - 1],
  max_recent_posts_per_account: [1, 5000],
  post_lookback_days: [1, 3650],
};

/**
 * Changes what the organization of the context may do; what is absent stays. A limit below what it holds takes nothing away:
 * it stops new accounts, and further posts.
 */
export async function updateOrganization(
  ctx: Context,
  input: Partial<OrganizationLimits>,
): Promise<OrganizationLimits & { organization_id: string; name: string }> {
  authorizeOperator(ctx);
  const changes = parseLimits(input);
  const { organizationId } = ctx;
  return inTransaction(ctx, async (trx) => {
    const row = await trx
      .updateTable('organizations')
      .set(changes)
      .where('organization_id', '=', organizationId)
      .returning(['organization_id', 'name', 'account_quota', 'max_recent_posts_per_account', 'post_lookback_days'])
      .executeTakeFirst();
    if (row === undefined) throw notFound('organization');
    const subject = { subjectType: 'organization', subjectId: organizationId };
    await audit(trx, ctx, { action: 'organization.update', ...subject, detail: { ...changes } });
    await bumpVersion(trx, [organizationId]);
    return row;
  });
}

function parseLimits(input: Partial<OrganizationLimits>): Partial<OrganizationLimits> {
  const problems = Object.entries(ranges).flatMap(([field, [minimum, maximum]]): FieldError[] => {
    const value = input[field as keyof OrganizationLimits] ?? null;
    const isFine = value === null || (Number.isInteger(value) && value >= minimum && value <= maximum);
    return isFine ? [] : [{ field, message: `must be between ${minimum} and ${maximum}` }];
  });
  if (Object.keys(input).length === 0) problems.push({ field: 'body', message: 'must have at least one member' });
  if (problems.length > 0) throw invalid(problems);
  return input;
}
