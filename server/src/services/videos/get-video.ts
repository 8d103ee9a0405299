import { notFound } from '../../contract/problem.ts';
import { authorize } from '../authorize.ts';
import type { Context } from '../context.ts';
import { findVideo, type VideoRecord } from './video-record.ts';

export async function getVideo(ctx: Context, input: { videoId: string }): Promise<VideoRecord> {
  authorize(ctx, 'read');
  const video = await findVideo(ctx.db, ctx.organizationId, input.videoId);
  if (video === null) throw notFound('video');
  return video;
}
