import { counter, excerpt, type Fields, fields, isoInstant, link, numericId, text } from '../fields.ts';
import { pkFromShortcode, shortcodeFromPermalink } from '../instagram-ids.ts';
import { type Normalised, noCounters } from '../payloads/normalised.ts';
import type { ObservedPost, ObservedProfile } from '../source.ts';

/** The profile under `business_discovery`. A field that was not asked for, or is not public, is null. */
export function graphProfile(discovery: Fields, askedFor: string): ObservedProfile | null {
  const followerCount = counter(discovery.followers_count);
  if (followerCount === null) return null;
  const graphId = numericId(discovery.id);
  return {
    // `id` is Graph's own (17841…); other sources know the profile by `ig_id`, which is not documented any more.
    platformProfileId: numericId(discovery.ig_id) ?? numericId(discovery.legacy_instagram_user_id),
    ...(graphId !== null && { sourceProfileId: graphId }),
    username: text(discovery.username)?.toLowerCase() ?? askedFor,
    name: text(discovery.name),
    description: text(discovery.biography),
    linkInBio: link(discovery.website),
    profilePicUrl: link(discovery.profile_picture_url),
    isVerified: null,
    isPrivate: false,
    followerCount,
    followingCount: counter(discovery.follows_count),
    postCount: counter(discovery.media_count),
    precision: 'exact',
  };
}

/**
 * A media item without the id that other sources know. Graph's own id (179…) names the same post differently, so the
 * media pk is taken from the permalink's shortcode; an item that has neither is read, but can't be told from a post that
 * another source has already given: it is refused.
 */
export interface GraphMedia {
  graphId: string | null;
  pk: string | null;
  facts: Omit<ObservedPost, 'externalId'>;
}

const mediaTypes: Record<string, ObservedPost['mediaType']> = {
  IMAGE: 'image',
  VIDEO: 'video',
  CAROUSEL_ALBUM: 'carousel',
};

export function graphMedia(media: Fields): GraphMedia {
  const shortcode = text(media.shortcode) ?? shortcodeFromPermalink(text(media.permalink) ?? '');
  const viewCount = counter(media.view_count);
  const mediaType = mediaTypes[text(media.media_type) ?? ''] ?? null;
  const mediaUrl = link(media.media_url);
  return {
    graphId: numericId(media.id),
    pk: shortcode === null ? null : pkFromShortcode(shortcode),
    facts: {
      shortcode,
      createTime: isoInstant(media.timestamp),
      caption: text(media.caption),
      mediaType,
      durationSeconds: null,
      coverImageUrl: link(media.thumbnail_url) ?? (mediaType === 'video' ? null : mediaUrl),
      videoUrl: mediaType === 'video' ? mediaUrl : null,
      isPinned: false,
      viewKind: viewCount === null ? null : 'displayed',
      // like_count is left out when the creator hides it.
      counters: {
        ...noCounters,
        viewCount,
        likeCount: counter(media.like_count),
        commentCount: counter(media.comments_count),
      },
      precision: 'exact',
    },
  };
}

const excerptKeys = ['id', 'permalink', 'timestamp', 'media_type', 'like_count', 'comments_count', 'view_count'];

export function graphItem(item: unknown): Normalised {
  const media = fields(item);
  const { pk, graphId, facts } = graphMedia(media ?? {});
  if (pk !== null) return { post: { externalId: pk, ...facts } };
  const reason =
    graphId === null ? 'a post without an id' : 'a post without permalink: its Graph id is not the media id';
  return {
    refused: { externalId: graphId === null ? null : `graph:${graphId}`, reason, excerpt: excerpt(item, excerptKeys) },
  };
}
