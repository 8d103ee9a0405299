import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { postDays } from '../posts/post-days.ts';
import type { PostKind } from '../posts/post-holder.ts';
import { parseWindow } from './parse-window.ts';
import { requirePost } from './require-post.ts';
import { comparisonSpan, type Snapshot, toSnapshot } from './snapshot.ts';

/** One post, as an account found it or as it is tracked on its own. */
export async function getPostAnalytics(
  ctx: Context,
  input: { kind: PostKind; id: string; request: WindowRequest },
): Promise<Snapshot> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const holder = await requirePost(ctx, input.kind, input.id);
  const { rows, wasReadBefore, hasSaves } = await postDays(ctx.db, holder, comparisonSpan(window));
  return toSnapshot(rows, window, { wasRead: wasReadBefore, followers: null, hasSaves });
}
