import { notFound } from '../../contract/problem.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { type AccountRecord, findAccount } from './account-record.ts';

export async function getAccount(ctx: Context, input: { accountId: string }): Promise<AccountRecord> {
  authorize(ctx, 'read');
  const account = await findAccount(ctx.db, ctx.organizationId, input.accountId);
  if (account === null) throw notFound('account');
  return account;
}
