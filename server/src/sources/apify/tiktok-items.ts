import {
  counter,
  duration,
  excerpt,
  fields,
  fieldsAt,
  flag,
  instant,
  isoInstant,
  link,
  numericId,
  text,
} from '../fields.ts';
import { type Normalised, noCounters } from '../payloads/normalised.ts';
import type { ObservedPostWithAuthor, ObservedProfile } from '../source.ts';

const excerptKeys = ['id', 'createTime', 'playCount', 'webVideoUrl', 'isPinned', 'error'];

/** The profile that every item repeats under `authorMeta`. Its counts are those of the page: rounded above about 10,000. */
export function apifyTiktokProfile(item: unknown): ObservedProfile | null {
  const author = fieldsAt(item, 'authorMeta');
  const username = text(author?.name)?.toLowerCase();
  const followerCount = counter(author?.fans);
  if (author === null || username === undefined || followerCount === null) return null;
  return {
    platformProfileId: numericId(author.id),
    username,
    name: text(author.nickName),
    description: text(author.signature),
    linkInBio: link(author.bioLink) ?? link(fields(author.bioLink)?.link),
    profilePicUrl: link(author.originalAvatarUrl) ?? link(author.avatar),
    isVerified: flag(author.verified),
    isPrivate: author.privateAccount === true,
    followerCount,
    followingCount: counter(author.following),
    postCount: counter(author.video),
    precision: 'rounded',
  };
}

export function apifyTiktokPost(item: unknown): Normalised {
  const video = fields(item);
  const externalId = numericId(video?.id);
  if (video === null || externalId === null) {
    return { refused: { externalId: null, reason: 'a post without an id', excerpt: excerpt(item, excerptKeys) } };
  }
  const playCount = counter(video.playCount);
  const mediaType = video.isSlideshow === true ? 'carousel' : fields(video.videoMeta) === null ? null : 'video';
  return {
    post: {
      externalId,
      shortcode: null,
      createTime: instant(video.createTime) ?? isoInstant(video.createTimeISO),
      caption: text(video.text),
      mediaType,
      durationSeconds: mediaType === 'video' ? duration(fieldsAt(video, 'videoMeta')?.duration, 1) : null,
      coverImageUrl: link(fieldsAt(video, 'videoMeta')?.coverUrl),
      // Addresses under mediaUrls are copies that the actor kept; it is asked for none.
      videoUrl: null,
      isPinned: video.isPinned === true,
      viewKind: playCount === null ? null : 'displayed',
      counters: {
        ...noCounters,
        viewCount: playCount,
        playCount,
        likeCount: counter(video.diggCount),
        commentCount: counter(video.commentCount),
        shareCount: counter(video.shareCount),
        savedCount: counter(video.collectCount),
      },
      precision: 'rounded',
    },
  };
}

export function apifyTiktokAuthor(item: unknown): ObservedPostWithAuthor['author'] {
  const author = fieldsAt(item, 'authorMeta');
  const username = text(author?.name)?.toLowerCase();
  return username === undefined ? null : { platformProfileId: numericId(author?.id), username };
}
