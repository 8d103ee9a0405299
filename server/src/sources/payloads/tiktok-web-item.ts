import { duration, excerpt, type Fields, fields, fieldsAt, instant, link, list, numericId, text } from '../fields.ts';
import type { ObservedPost, ObservedPostWithAuthor } from '../source.ts';
import type { Normalised } from './normalised.ts';
import { tiktokCounters } from './tiktok-video.ts';

const excerptKeys = ['id', 'createTime', 'desc', 'privateItem', 'secret', 'takeDown', 'isContentClassified'];

/** A TikTok post as tiktok.com gives it: `itemStruct` of its page, items of `itemList`. */
export function tiktokWebItem(item: unknown): Normalised {
  const post = fields(item);
  const externalId = numericId(post?.id);
  const refuse = (reason: string): Normalised => ({
    refused: { externalId, reason, excerpt: excerpt(item, excerptKeys) },
  });
  if (post === null || externalId === null) return refuse('a post without an id');
  const hidden = whyHidden(post);
  if (hidden !== null) return refuse(hidden.reason);
  const mediaType = webMediaType(post);
  const video = fieldsAt(post, 'video');
  const { precision, ...counters } = tiktokCounters(post);
  return {
    post: {
      externalId,
      shortcode: null,
      createTime: instant(post.createTime),
      caption: text(post.desc),
      mediaType,
      // 0 for slideshows, which last as long as their music.
      durationSeconds: mediaType === 'video' ? duration(video?.duration, 1) : null,
      coverImageUrl: link(video?.cover) ?? link(video?.originCover),
      videoUrl: mediaType === 'video' ? link(video?.playAddr) : null,
      isPinned: post.isPinnedItem === true,
      viewKind: counters.viewCount === null ? null : 'displayed',
      counters,
      precision,
    },
  };
}

/** Why a post is not for everybody; its numbers are not those of its public life. */
export function whyHidden(post: Fields): { code: 'private' | 'removed_post' | 'restricted'; reason: string } | null {
  if (post.privateItem === true || post.secret === true || post.forFriend === true) {
    return { code: 'private', reason: 'a private post' };
  }
  if (post.takeDown === true || (typeof post.takeDown === 'number' && post.takeDown !== 0)) {
    return { code: 'removed_post', reason: 'a post that was taken down' };
  }
  const isGated = post.isContentClassified === true && fields(post.video) === null;
  return isGated ? { code: 'restricted', reason: 'a post behind a login' } : null;
}

export function tiktokWebAuthor(item: unknown): ObservedPostWithAuthor['author'] {
  const author = fieldsAt(item, 'author');
  const username = text(author?.uniqueId)?.toLowerCase();
  return username === undefined ? null : { platformProfileId: numericId(author?.id), username };
}

function webMediaType(post: Fields): ObservedPost['mediaType'] {
  const images = list(fieldsAt(post, 'imagePost')?.images);
  if (images !== null && images.length > 0) return images.length === 1 ? 'image' : 'carousel';
  return fields(post.video) === null ? null : 'video';
}
