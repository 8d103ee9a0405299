import { sql } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import type { Context } from '../context.ts';

export async function requireCreator(ctx: Context, creatorId: string): Promise<void> {
  const { rows } = await sql`
    select from creators where organization_id = ${ctx.organizationId} and creator_id = ${creatorId}`.execute(ctx.db);
  if (rows.length === 0) throw notFound('creator');
}
