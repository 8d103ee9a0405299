import {
  counter,
  duration,
  excerpt,
  type Fields,
  fields,
  fieldsAt,
  instant,
  link,
  list,
  numericId,
  text,
} from '../fields.ts';
import { pkFromShortcode, shortcodeFromPk } from '../instagram-ids.ts';
import type { ObservedPost } from '../source.ts';
import { instagramViews } from './instagram-views.ts';
import { type Normalised, noCounters } from './normalised.ts';

const excerptKeys = ['id', 'shortcode', '__typename', 'taken_at_timestamp', 'video_view_count', 'video_play_count'];

/** A post as instagram.com's GraphQL gives it: nodes of a profile's timeline, and `xdt_shortcode_media`. */
export function instagramWebMedia(node: unknown): Normalised {
  const media = fields(node);
  const externalId = media === null ? null : (numericId(media.id) ?? pkFromShortcode(text(media.shortcode) ?? ''));
  if (media === null || externalId === null) {
    return { refused: { externalId: null, reason: 'a post without an id', excerpt: excerpt(node, excerptKeys) } };
  }
  const mediaType = webMediaType(media);
  const isHidden = media.like_and_view_counts_disabled === true;
  const { viewKind, ...views } = instagramViews(
    {
      igPlayCount: null,
      playCount: counter(media.video_play_count),
      legacyViewCount: counter(media.video_view_count) ?? counter(media.view_count),
      fbPlayCount: null,
    },
    mediaType !== 'video' || isHidden,
  );
  return {
    post: {
      externalId,
      shortcode: text(media.shortcode) ?? shortcodeFromPk(externalId),
      createTime: instant(media.taken_at_timestamp),
      caption: caption(media),
      mediaType,
      durationSeconds: duration(media.video_duration, 1),
      coverImageUrl: link(media.display_url) ?? link(media.thumbnail_src),
      videoUrl: link(media.video_url),
      isPinned: (list(media.pinned_for_users)?.length ?? 0) > 0,
      viewKind,
      counters: {
        ...noCounters,
        ...views,
        likeCount: isHidden ? null : likes(media),
        commentCount: count(media.edge_media_to_parent_comment) ?? count(media.edge_media_to_comment),
      },
      precision: 'exact',
    },
  };
}

const count = (edge: unknown): number | null => counter(fields(edge)?.count);

function likes(media: Fields): number | null {
  return count(media.edge_media_preview_like) ?? count(media.edge_liked_by);
}

function caption(media: Fields): string | null {
  const edge = list(fieldsAt(media, 'edge_media_to_caption')?.edges)?.[0];
  return text(fieldsAt(edge, 'node')?.text);
}

/** `GraphVideo`, or `XDTGraphVideo` where the post was asked for by its code. */
function webMediaType(media: Fields): ObservedPost['mediaType'] {
  const name = text(media.__typename) ?? '';
  if (name.endsWith('GraphSidecar')) return 'carousel';
  if (name.endsWith('GraphVideo') || media.is_video === true) return 'video';
  return name.endsWith('GraphImage') || media.is_video === false ? 'image' : null;
}
