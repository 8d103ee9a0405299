import { sql } from 'kysely';
import { notFound } from '../../contract/problem.ts';
import { audit } from '../audit.ts';
import { authorize } from '../authorize.ts';
import { indexCaptions } from '../captions/index-captions.ts';
import type { Context } from '../context.ts';
import { parseIds } from '../parse-ids.ts';
import { changeBooks } from '../organization-books/change-books.ts';
import { closePauses, openPauses } from '../pauses.ts';
import { retrackPost } from '../posts/retrack-post.ts';
import { momentOfChange } from '../profiles/moment-of-change.ts';
import { rebookSharedPosts } from '../shared-posts/rebook-shared-posts.ts';
import { inTransaction } from '../transaction.ts';
import { bumpVersion } from '../versions.ts';
import { lockVideo } from './lock-video.ts';

/** Ends tracking and hides the video. Its history is kept for a while, in case it is added again. */
export async function deleteVideo(ctx: Context, input: { videoId: string }): Promise<void> {
  authorize(ctx, 'write');
  const { videoId } = parseIds(input);
  await inTransaction(ctx, async (trx) => {
    const { organizationId } = ctx;
    const video = await lockVideo(trx, organizationId, videoId);
    if (video === null) throw notFound('video');
    const { platform, external_id: externalId, profile_id: profileId, post_id: postId } = video;
    const now = await momentOfChange(trx, profileId === null ? [] : [profileId], ctx.clock.now());
    await changeBooks(trx, organizationId, { videoId }, () =>
      sql`
        update videos set deleted_at = ${now}
        where organization_id = ${organizationId} and video_id = ${videoId}`.execute(trx),
    );
    await rebookSharedPosts(trx, { organizationIds: [organizationId], platform, externalIds: [externalId] });
    if (profileId !== null && postId !== null) await indexCaptions(trx, profileId, [postId]);
    const change = { holder: 'video', organizationId, ids: [videoId], now } as const;
    await closePauses(trx, change);
    await openPauses(trx, change, 'deleted');
    await retrackPost(trx, { platform, externalId, profileId }, now, { refreshNow: false });
    const detail = { platform, external_id: externalId };
    await audit(trx, ctx, { action: 'video.delete', subjectType: 'video', subjectId: videoId, detail });
    await bumpVersion(trx, [organizationId]);
  });
}
