import {
  counter,
  duration,
  excerpt,
  type Fields,
  fields,
  flag,
  isoInstant,
  link,
  list,
  numericId,
  text,
} from '../fields.ts';
import { pkFromShortcode, shortcodeFromPk } from '../instagram-ids.ts';
import { instagramViews } from '../payloads/instagram-views.ts';
import { type Normalised, noCounters } from '../payloads/normalised.ts';
import type { ObservedPost, ObservedPostWithAuthor, ObservedProfile } from '../source.ts';

const excerptKeys = ['id', 'shortCode', 'type', 'timestamp', 'likesCount', 'videoViewCount', 'videoPlayCount', 'error'];
const mediaTypes: Record<string, ObservedPost['mediaType']> = { Image: 'image', Video: 'video', Sidecar: 'carousel' };

/** An item of the profile actor; null without a name or a follower count. Its `latestPosts` know the legacy views only, and are left. */
export function apifyInstagramProfile(item: unknown): ObservedProfile | null {
  const profile = fields(item);
  const username = text(profile?.username)?.toLowerCase();
  const followerCount = counter(profile?.followersCount);
  if (profile === null || username === undefined || followerCount === null) return null;
  return {
    platformProfileId: numericId(profile.id),
    username,
    name: text(profile.fullName),
    description: text(profile.biography),
    linkInBio: link(profile.externalUrl) ?? link(fields(list(profile.externalUrls)?.[0])?.url),
    profilePicUrl: link(profile.profilePicUrlHD) ?? link(profile.profilePicUrl),
    isVerified: flag(profile.verified),
    isPrivate: profile.private === true,
    followerCount,
    followingCount: counter(profile.followsCount),
    postCount: counter(profile.postsCount),
    precision: 'exact',
  };
}

/** An item of the posts or reels actor. Stubs of profiles leak into these datasets: without a time it is not a post. */
export function apifyInstagramPost(item: unknown): Normalised {
  const post = fields(item);
  const externalId = post === null ? null : (numericId(post.id) ?? pkFromShortcode(text(post.shortCode) ?? ''));
  const createTime = isoInstant(post?.timestamp);
  const refuse = (reason: string): Normalised => ({
    refused: { externalId, reason, excerpt: excerpt(item, excerptKeys) },
  });
  if (post === null || externalId === null) return refuse('a post without an id');
  if (createTime === null) return refuse('an item without a timestamp is not a post');
  const mediaType = mediaTypes[text(post.type) ?? ''] ?? null;
  const { viewKind, ...views } = instagramViews(
    {
      igPlayCount: null,
      playCount: counter(post.videoPlayCount),
      legacyViewCount: counter(post.videoViewCount),
      fbPlayCount: null,
    },
    mediaType !== 'video',
  );
  return {
    post: {
      externalId,
      shortcode: text(post.shortCode) ?? shortcodeFromPk(externalId),
      createTime,
      caption: text(post.caption),
      mediaType,
      durationSeconds: duration(post.videoDuration, 1),
      coverImageUrl: link(post.displayUrl),
      videoUrl: link(post.videoUrl),
      isPinned: post.isPinned === true,
      viewKind,
      counters: { ...noCounters, ...views, likeCount: likes(post), commentCount: counter(post.commentsCount) },
      precision: 'exact',
    },
  };
}

/** Pictures of likers beside a hidden number; it was given in place of the number for a while. */
const avatarPreviews = 3;

/** Hidden likes were left out, then −1, then a literal 3. A true 3 is lost with it; the last known number stays. */
function likes(post: Fields): number | null {
  const count = counter(post.likesCount);
  return count === avatarPreviews ? null : count;
}

export function apifyInstagramAuthor(item: unknown): ObservedPostWithAuthor['author'] {
  const post = fields(item);
  const username = text(post?.ownerUsername)?.toLowerCase();
  return username === undefined ? null : { platformProfileId: numericId(post?.ownerId), username };
}
