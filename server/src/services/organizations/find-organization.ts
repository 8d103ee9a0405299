import { invalid, notFound, conflict } from '../../contract/problem.ts';
import { authorizeOperator } from '../authorize-admin.ts';
import type { OperatorContext } from './create-organization.ts';

export interface Organization {
  id: string;
  name: string;
}

/** The organization that everything belongs to unless one is named. */
export const defaultOrganizationName = 'Default';

/** The organization with this id or, where only one has it, this name. */
export async function findOrganization(ctx: OperatorContext, input: { organization: string }): Promise<Organization> {
  authorizeOperator(ctx);
  const wanted = input.organization.trim();
  if (wanted === '') throw invalid([{ field: 'org', message: 'must be the id or the name of an organization' }]);
  const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(wanted);
  const [first, second] = await ctx.db
    .selectFrom('organizations')
    .select(['organization_id as id', 'name'])
    .where(isId ? 'organization_id' : 'name', '=', wanted)
    .orderBy('created_at')
    .limit(2)
    .execute();
  if (first === undefined) throw notFound('organization');
  // Of several called Default, the first is the one the server made for itself.
  if (second !== undefined && wanted !== defaultOrganizationName) {
    throw conflict(`Several organizations are called ${wanted}; name it by its id.`);
  }
  return first;
}
