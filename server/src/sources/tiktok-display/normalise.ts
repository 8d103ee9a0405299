import { counter, duration, excerpt, type Fields, fields, flag, instant, link, numericId, text } from '../fields.ts';
import { type Normalised, noCounters } from '../payloads/normalised.ts';
import type { ObservedProfile } from '../source.ts';

/** Of all four scopes; the API refuses a question for a field whose scope was not given. */
export const userFields = [
  'open_id',
  'avatar_url',
  'display_name',
  'username',
  'bio_description',
  'is_verified',
  'follower_count',
  'following_count',
  'video_count',
] as const;

export const videoFields = [
  'id',
  'create_time',
  'cover_image_url',
  'video_description',
  'title',
  'duration',
  'like_count',
  'comment_count',
  'share_count',
  'view_count',
] as const;

/** The creator who connected the account. Its id holds for this app alone, so it is one of this source's own. */
export function displayUser(user: Fields): ObservedProfile | null {
  const username = text(user.username)?.toLowerCase();
  const followerCount = counter(user.follower_count);
  const openId = text(user.open_id);
  if (username === undefined || followerCount === null) return null;
  return {
    platformProfileId: null,
    ...(openId !== null && { sourceProfileId: openId }),
    username,
    name: text(user.display_name),
    description: text(user.bio_description),
    linkInBio: null,
    profilePicUrl: link(user.avatar_url),
    isVerified: flag(user.is_verified),
    isPrivate: false,
    followerCount,
    followingCount: counter(user.following_count),
    postCount: counter(user.video_count),
    precision: 'exact',
  };
}

const excerptKeys = ['id', 'create_time', 'title', 'view_count', 'like_count'];

export function displayVideo(item: unknown): Normalised {
  const video = fields(item);
  const externalId = numericId(video?.id);
  if (video === null || externalId === null) {
    return { refused: { externalId: null, reason: 'a post without an id', excerpt: excerpt(item, excerptKeys) } };
  }
  const viewCount = counter(video.view_count);
  return {
    post: {
      externalId,
      shortcode: null,
      createTime: instant(video.create_time),
      caption: text(video.video_description) ?? text(video.title),
      mediaType: 'video',
      durationSeconds: duration(video.duration, 1),
      coverImageUrl: link(video.cover_image_url),
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
      },
      precision: 'exact',
    },
  };
}
