import type { WindowRequest } from '../../metrics/windows.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { postDays } from '../posts/post-days.ts';
import type { PostKind } from '../posts/post-holder.ts';
import { parseWindow } from './parse-window.ts';
import { requirePost } from './require-post.ts';
import { type Series, toSeries, windowSpan } from './snapshot.ts';

/** One post, as an account found it or as it is tracked on its own. */
export async function getPostTimeseries(
  ctx: Context,
  input: { kind: PostKind; id: string; request: WindowRequest },
): Promise<Series> {
  authorize(ctx, 'read');
  const window = parseWindow(input.request, ctx.clock.now());
  const holder = await requirePost(ctx, input.kind, input.id);
  const { rows } = await postDays(ctx.db, holder, windowSpan(window));
  return toSeries(rows, window);
}
