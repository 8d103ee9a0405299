import { notFound } from '../../contract/problem.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { type CreatorRecord, findCreator } from './creator-record.ts';

export async function getCreator(ctx: Context, input: { creatorId: string }): Promise<CreatorRecord> {
  authorize(ctx, 'read');
  const creator = await findCreator(ctx.db, ctx.organizationId, input.creatorId);
  if (creator === null) throw notFound('creator');
  return creator;
}
