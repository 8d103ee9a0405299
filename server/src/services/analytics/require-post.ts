import { notFound } from '../../contract/problem.ts';
import type { Context } from '../context.ts';
import { type PostHolder, type PostKind, postHolders } from '../posts/post-holder.ts';

const names: Record<PostKind, string> = { account_video: 'account video', video: 'video' };

export async function requirePost(ctx: Context, kind: PostKind, id: string): Promise<PostHolder> {
  const [holder] = await postHolders(ctx.db, ctx.organizationId, [kind], [id]);
  if (holder === undefined) throw notFound(names[kind]);
  return holder;
}
