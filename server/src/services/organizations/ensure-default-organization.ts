import { sql } from 'kysely';
import { authorizeOperator } from '../authorize-admin.ts';
import { createKey } from '../keys/create-key.ts';
import { hashKeySecret } from '../keys/key-secret.ts';
import { inTransaction } from '../transaction.ts';
import { createOrganization, type OperatorContext } from './create-organization.ts';
import { defaultOrganizationName } from './find-organization.ts';

export interface DefaultOrganization {
  organizationId: string;
  /** A secret that was generated just now: to be shown, since nobody else knows it. */
  newSecret: string | null;
}

/**
 * Makes the organization "Default" on the first start. A given key that no organization knows becomes a key of it, also
 * later; a given key that was disabled stays disabled.
 */
export async function ensureDefaultOrganization(
  operator: OperatorContext,
  input: { bootstrapKey: string | null },
): Promise<DefaultOrganization> {
  authorizeOperator(operator);
  return inTransaction(operator, async (trx) => {
    // Two processes may start at once on an empty database.
    await sql`select pg_advisory_xact_lock(hashtext('tallyline.default-organization'))`.execute(trx);
    const inside: OperatorContext = { ...operator, db: trx };
    const secret = await unknownSecret(inside, input.bootstrapKey);
    const organizationId = await findDefault(inside);
    if (organizationId === null) return createDefault(inside, secret);
    if (secret !== null) await createKey({ ...inside, organizationId }, { name: 'Bootstrap key', secret });
    return { organizationId, newSecret: null };
  });
}

async function createDefault(ctx: OperatorContext, secret: string | null): Promise<DefaultOrganization> {
  const made = await createOrganization(ctx, { name: defaultOrganizationName, ...(secret === null ? {} : { secret }) });
  return { organizationId: made.organizationId, newSecret: secret === null ? made.secret : null };
}

async function findDefault(ctx: OperatorContext): Promise<string | null> {
  const found = await ctx.db
    .selectFrom('organizations')
    .select('organization_id')
    .where('name', '=', defaultOrganizationName)
    .orderBy('created_at')
    .limit(1)
    .executeTakeFirst();
  return found?.organization_id ?? null;
}

async function unknownSecret(ctx: OperatorContext, secret: string | null): Promise<string | null> {
  if (secret === null) return null;
  const found = await ctx.db
    .selectFrom('api_keys')
    .select('api_key_id')
    .where('key_hash', '=', hashKeySecret(secret))
    .limit(1)
    .executeTakeFirst();
  return found === undefined ? secret : null;
}
