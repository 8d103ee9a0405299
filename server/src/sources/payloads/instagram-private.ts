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
import { hidesCounts } from './instagram-user.ts';
import { instagramViews } from './instagram-views.ts';
import { type Normalised, noCounters } from './normalised.ts';

const excerptKeys = ['pk', 'id', 'code', 'taken_at', 'media_type', 'product_type', 'play_count', 'like_count'];
const mediaTypes: Record<number, ObservedPost['mediaType']> = { 1: 'image', 2: 'video', 8: 'carousel' };

/** Media as Instagram's private API gives it: items of `/v2/instagram/user/posts`, `media` of `/v1/instagram/user/reels`. */
export function instagramPrivateMedia(item: unknown): Normalised {
  const reel = fields(fields(item)?.media);
  const media = reel ?? fields(item);
  const externalId = media === null ? null : mediaPk(media);
  if (media === null || externalId === null) {
    return {
      refused: { externalId: null, reason: 'a post without an id', excerpt: excerpt(media ?? item, excerptKeys) },
    };
  }
  const mediaType = mediaTypes[Number(media.media_type)] ?? null;
  const { viewKind, ...views } = mediaViews(media, mediaType);
  const isHidden = media.like_and_view_counts_disabled === true;
  return {
    post: {
      externalId,
      shortcode: text(media.code) ?? shortcodeFromPk(externalId),
      createTime: instant(media.taken_at),
      caption: text(fields(media.caption)?.text),
      mediaType,
      durationSeconds: duration(media.video_duration, 1),
      coverImageUrl: link(fields(list(fields(media.image_versions2)?.candidates)?.[0])?.url) ?? link(media.display_uri),
      videoUrl: link(fields(list(media.video_versions)?.[0])?.url),
      // A reel can be pinned in the tab of reels alone.
      isPinned: isListed(reel === null ? media.timeline_pinned_user_ids : media.clips_tab_pinned_user_ids),
      viewKind,
      counters: {
        ...noCounters,
        ...views,
        likeCount: isHidden ? null : counter(media.like_count),
        commentCount: counter(media.comment_count),
        shareCount: media.share_count_disabled === true ? null : counter(media.reshare_count),
        fbLikeCount: isHidden ? null : counter(media.fb_like_count),
      },
      precision: 'exact',
    },
  };
}

function mediaPk(media: Fields): string | null {
  const idOwner = text(media.id)?.split('_')[0];
  return numericId(media.pk) ?? numericId(idOwner) ?? pkFromShortcode(text(media.code) ?? '');
}

function mediaViews(media: Fields, mediaType: ObservedPost['mediaType']) {
  return instagramViews(
    {
      igPlayCount: counter(media.ig_play_count),
      playCount: counter(media.play_count),
      legacyViewCount: counter(media.view_count) ?? counter(media.video_view_count),
      fbPlayCount: counter(media.fb_play_count),
    },
    mediaType !== 'video' || media.like_and_view_counts_disabled === true,
  );
}

const isListed = (users: unknown): boolean => (list(users)?.length ?? 0) > 0;

interface PageOwner {
  platformProfileId: string | null;
  isPrivate: boolean;
  hidesCounts: boolean;
}

/** Whose list it is: the `user` beside the items. */
export function instagramPageOwner(reply: Fields): PageOwner {
  const user = fieldsAt(reply, 'user');
  return {
    platformProfileId: numericId(user?.pk) ?? numericId(user?.id),
    isPrivate: user?.is_private === true,
    hidesCounts: hidesCounts(user),
  };
}
