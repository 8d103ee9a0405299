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
import type { ObservedPost, ObservedPostWithAuthor, PostCounters, Precision } from '../source.ts';
import { type Normalised, noCounters } from './normalised.ts';

const excerptKeys = ['aweme_id', 'id', 'create_time', 'createTime', 'aweme_type', 'desc', 'is_top'];

/** A TikTok post as the app's API gives it (`aweme_list[]`, `aweme_detail`). */
export function tiktokAweme(item: unknown): Normalised {
  const aweme = fields(item);
  const externalId = numericId(aweme?.aweme_id) ?? numericId(fieldsAt(aweme, 'statistics')?.aweme_id);
  const refuse = (reason: string): Normalised => ({
    refused: { externalId, reason, excerpt: excerpt(item, excerptKeys) },
  });
  if (aweme === null || externalId === null) return refuse('a post without an id');
  if (fieldsAt(aweme, 'status')?.is_delete === true) return refuse('a deleted post');
  const mediaType = awemeMediaType(aweme);
  const { precision, ...counters } = tiktokCounters(aweme);
  return {
    post: {
      externalId,
      shortcode: null,
      createTime: instant(aweme.create_time),
      caption: text(aweme.desc),
      mediaType,
      durationSeconds: mediaType === 'video' ? duration(fieldsAt(aweme, 'video')?.duration, 1000) : null,
      coverImageUrl: firstUrl(aweme, 'video', 'cover') ?? firstUrl(aweme, 'video', 'origin_cover'),
      videoUrl: mediaType === 'video' ? firstUrl(aweme, 'video', 'play_addr') : null,
      isPinned: aweme.is_top === 1 || aweme.is_top === true,
      viewKind: counters.viewCount === null ? null : 'displayed',
      counters,
      precision,
    },
  };
}

/** Of the app (`statistics`) and the exact web family (`statsV2`, text) before the web's rounded `stats`. */
export function tiktokCounters(item: Fields): PostCounters & { precision: Precision } {
  const app = fields(item.statistics);
  const exact = fields(item.statsV2);
  const rounded = fields(item.stats);
  let precision: Precision = 'exact';
  const pick = (appKey: string, webKey: string): number | null => {
    const count = counter(app?.[appKey]) ?? counter(exact?.[webKey]);
    if (count !== null) return count;
    const fallback = counter(rounded?.[webKey]);
    if (fallback !== null) precision = 'rounded';
    return fallback;
  };
  const playCount = pick('play_count', 'playCount');
  const counters: PostCounters = {
    ...noCounters,
    viewCount: playCount,
    playCount,
    likeCount: pick('digg_count', 'diggCount'),
    commentCount: pick('comment_count', 'commentCount'),
    shareCount: pick('share_count', 'shareCount'),
    savedCount: pick('collect_count', 'collectCount'),
  };
  return { ...counters, precision };
}

export function tiktokAuthor(aweme: Fields): ObservedPostWithAuthor['author'] {
  const author = fields(aweme.author);
  const username = text(author?.unique_id)?.toLowerCase();
  return username === undefined ? null : { platformProfileId: numericId(author?.uid), username };
}

function awemeMediaType(aweme: Fields): ObservedPost['mediaType'] {
  const images = list(fieldsAt(aweme, 'image_post_info')?.images);
  if (images !== null && images.length > 0) return images.length === 1 ? 'image' : 'carousel';
  return fields(aweme.video) === null ? null : 'video';
}

const firstUrl = (aweme: Fields, ...path: string[]): string | null =>
  link(list(fieldsAt(aweme, ...path)?.url_list)?.[0]);
