import { counter, duration, excerpt, type Fields, fields, flag, instant, link, numericId, text } from '../fields.ts';
import { type Normalised, noCounters } from '../payloads/normalised.ts';
import type { ObservedProfile } from '../source.ts';

export const userFields = [
  'display_name',
  'bio_description',
  'avatar_url',
  'is_verified',
  'follower_count',
  'following_count',
  'video_count',
  'bio_url',
] as const;

export const videoFields = [
  'id',
  'video_description',
  'create_time',
  'username',
  'view_count',
  'like_count',
  'comment_count',
  'share_count',
  'favorites_count',
  'video_duration',
] as const;

/** The user's own name and id are not in the answer. */
export function researchUser(user: Fields, askedFor: string): ObservedProfile | null {
  const followerCount = counter(user.follower_count);
  if (followerCount === null) return null;
  return {
    platformProfileId: null,
    username: askedFor,
    name: text(user.display_name),
    description: text(user.bio_description),
    linkInBio: link(user.bio_url),
    profilePicUrl: link(user.avatar_url),
    isVerified: flag(user.is_verified),
    isPrivate: false,
    followerCount,
    followingCount: counter(user.following_count),
    postCount: counter(user.video_count),
    precision: 'exact',
  };
}

const excerptKeys = ['id', 'video_id', 'username', 'create_time', 'view_count', 'like_count', 'comment_count'];

/** `id` in the reference, `video_id` in its examples. Ids come as bare 64-bit numbers, which the parser has kept whole. */
export function researchVideo(item: unknown): Normalised {
  const video = fields(item);
  const externalId = numericId(video?.id) ?? numericId(video?.video_id);
  if (video === null || externalId === null) {
    return { refused: { externalId: null, reason: 'a post without an id', excerpt: excerpt(item, excerptKeys) } };
  }
  const viewCount = counter(video.view_count);
  return {
    post: {
      externalId,
      shortcode: null,
      createTime: instant(video.create_time),
      caption: text(video.video_description),
      mediaType: 'video',
      durationSeconds: duration(video.video_duration, 1),
      coverImageUrl: null,
      videoUrl: null,
      isPinned: false,
      viewKind: viewCount === null ? null : 'displayed',
      counters: {
        ...noCounters,
        viewCount,
        playCount: viewCount,
        likeCount: counter(video.like_count),
        commentCount: counter(video.comment_count),
        shareCount: counter(video.share_count),
        savedCount: counter(video.favorites_count),
      },
      precision: 'exact',
    },
  };
}
