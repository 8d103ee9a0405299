import { countsAt } from './counters.ts';
import type { Creator } from './creator.ts';
import { postId } from './post-ids.ts';
import type { Post } from './posts.ts';
import type { Listing, ProfileAt } from './world.ts';

/** TikTok payloads as ScrapeCreators passes them on. */

const cdn = 'https://cdn.sandbox.invalid';

/** `/v1/tiktok/profile`: the rounded family of counts, as the vendor gives it. */
export function tiktokProfile(profile: ProfileAt) {
  const { creator } = profile;
  const heartCount = rounded(Math.floor(creator.typicalViews * creator.likeRate * profile.postCount));
  return {
    user: {
      id: creator.userId,
      shortId: '',
      uniqueId: profile.username,
      nickname: creator.name,
      avatarLarger: `${cdn}/tt/${creator.userId}_1080.jpeg`,
      avatarMedium: `${cdn}/tt/${creator.userId}_720.jpeg`,
      avatarThumb: `${cdn}/tt/${creator.userId}_100.jpeg`,
      signature: creator.biography,
      createTime: creator.joinedSeconds,
      verified: creator.isVerified,
      secUid: secUid(creator),
      ...(creator.link !== null && { bioLink: { link: creator.link, risk: 0 } }),
      privateAccount: profile.isPrivate,
      secret: profile.isPrivate,
      language: 'en',
    },
    stats: {
      followerCount: rounded(profile.followerCount),
      followingCount: rounded(creator.followingCount),
      heart: heartCount,
      heartCount,
      videoCount: profile.postCount,
      diggCount: 0,
      friendCount: 0,
    },
    itemList: [],
  };
}

/** As shown under a profile: 149.8K, 4.1M. */
function rounded(count: number): number {
  if (count < 10_000) return count;
  const step = count < 1_000_000 ? 100 : 100_000;
  return Math.round(count / step) * step;
}

const secUid = (creator: Creator): string => `MS4wLjABAAAA${String(creator.seed).padStart(64, 'A')}`;

/** `/v3/tiktok/profile/videos`. */
export function awemeList(profile: ProfileAt, pinned: readonly Post[], listing: Listing, timeMs: number) {
  const author = awemeAuthor(profile);
  const { creator, username } = profile;
  const oldest = listing.posts.at(-1)?.createdMs ?? 0;
  return {
    aweme_list: [
      ...pinned.map((post) => aweme(creator, username, author, post, true, timeMs)),
      ...listing.posts.map((post) => aweme(creator, username, author, post, false, timeMs)),
    ],
    has_locate_item: false,
    has_more: listing.hasMore ? 1 : 0,
    max_cursor: oldest,
    min_cursor: listing.posts[0]?.createdMs ?? 0,
    status_code: 0,
    status_msg: '',
  };
}

/** `/v2/tiktok/video`. */
export function awemeDetail(profile: ProfileAt, post: Post, timeMs: number) {
  const detail = aweme(profile.creator, profile.username, awemeAuthor(profile), post, false, timeMs);
  return { aweme_detail: detail, status_code: 0, status_msg: '' };
}

function awemeAuthor({ creator, username }: ProfileAt) {
  return {
    uid: creator.userId,
    unique_id: username,
    nickname: creator.name,
    sec_uid: secUid(creator),
    follower_count: 0,
    region: 'US',
    signature: creator.biography,
  };
}

type Author = ReturnType<typeof awemeAuthor>;

function aweme(creator: Creator, username: string, author: Author, post: Post, isPinned: boolean, timeMs: number) {
  const id = postId(creator, post.slot);
  const isVideo = post.kind === 'video';
  return {
    aweme_id: id,
    author,
    content_type: isVideo ? 'video' : 'multi_photo',
    create_time: post.createdMs / 1000,
    desc: post.caption,
    desc_language: 'en',
    is_ad: false,
    is_top: isPinned ? 1 : 0,
    ...(!isVideo && { image_post_info: { images: photos(id, post.kind === 'image' ? 1 : 4) } }),
    region: 'US',
    share_url: `https://www.tiktok.com/@${username}/video/${id}?_r=1`,
    statistics: statistics(id, post, timeMs),
    status: { allow_comment: true, aweme_id: id, is_delete: false, is_prohibited: false, private_status: 0 },
    text_extra: [],
    video: {
      cover: { url_list: [`${cdn}/tt/p/${id}.jpeg`] },
      duration: isVideo ? Math.round(post.durationSeconds * 1000) : 0,
      origin_cover: { url_list: [`${cdn}/tt/p/${id}_o.jpeg`] },
      play_addr: { url_list: isVideo ? [`${cdn}/tt/p/${id}.mp4`] : [] },
      height: 1024,
      width: 576,
    },
  };
}

function photos(id: string, count: number) {
  return Array.from({ length: count }, (_, index) => ({
    display_image: { url_list: [`${cdn}/tt/p/${id}_${index}.jpeg`], height: 1024, width: 576 },
  }));
}

function statistics(id: string, post: Post, timeMs: number) {
  const counts = countsAt(post, timeMs);
  return {
    aweme_id: id,
    collect_count: counts.saves,
    comment_count: counts.comments,
    digg_count: counts.likes,
    download_count: 0,
    forward_count: 0,
    lose_comment_count: 0,
    lose_count: 0,
    play_count: counts.views,
    repost_count: 0,
    share_count: counts.shares,
    whatsapp_share_count: 0,
  };
}
