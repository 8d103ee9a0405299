import { sql } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { accountVideoColumns, type AccountVideoRecord, accountVideoTables } from './account-video-record.ts';

export async function getAccountVideo(ctx: Context, input: { accountVideoId: string }): Promise<AccountVideoRecord> {
  authorize(ctx, 'read');
  const { rows } = await sql<AccountVideoRecord>`
    select ${accountVideoColumns} from ${accountVideoTables}
    where v.organization_id = ${ctx.organizationId} and v.account_video_id = ${input.accountVideoId}
    and not v.is_hidden`.execute(ctx.db);
  if (rows[0] === undefined) throw notFound('account video');
  return rows[0];
}
