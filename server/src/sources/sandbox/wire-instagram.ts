import { shortcodeFromPk } from '../instagram-ids.ts';
import { countsAt } from './counters.ts';
import type { Creator } from './creator.ts';
import { postId } from './post-ids.ts';
import type { Post } from './posts.ts';
import type { Listing, ProfileAt } from './world.ts';

/** Instagram payloads as ScrapeCreators passes them on. */

const cdn = 'https://cdn.sandbox.invalid';
const mediaTypes = { image: 1, video: 2, carousel: 8 } as const;
const productTypes = { image: 'feed', video: 'clips', carousel: 'carousel_container' } as const;
const webTypes = { image: 'XDTGraphImage', video: 'XDTGraphVideo', carousel: 'XDTGraphSidecar' } as const;

/** `/v1/instagram/profile`: instagram.com's web_profile_info. */
export function webProfile(profile: ProfileAt) {
  const { creator } = profile;
  return {
    data: {
      user: {
        biography: creator.biography,
        bio_links: creator.link === null ? [] : [{ title: '', url: creator.link, link_type: 'external' }],
        external_url: creator.link,
        edge_followed_by: { count: profile.followerCount },
        edge_follow: { count: creator.followingCount },
        full_name: creator.name,
        hide_like_and_view_counts: creator.hidesLikes,
        id: creator.userId,
        is_business_account: false,
        is_professional_account: true,
        is_private: profile.isPrivate,
        is_verified: creator.isVerified,
        profile_pic_url: `${cdn}/ig/${creator.userId}.jpg`,
        profile_pic_url_hd: `${cdn}/ig/${creator.userId}_hd.jpg`,
        username: profile.username,
        edge_owner_to_timeline_media: {
          count: profile.postCount,
          page_info: { has_next_page: false, end_cursor: null },
          edges: [],
        },
      },
    },
    status: 'ok',
  };
}

/** `/v1/instagram/basic-profile`: the private API's user, without a wrapper. */
export function basicProfile(profile: ProfileAt) {
  const { creator } = profile;
  return {
    is_private: profile.isPrivate,
    bio_links: creator.link === null ? [] : [{ title: '', url: creator.link, link_type: 'external' }],
    username: profile.username,
    pk: creator.userId,
    profile_pic_url: `${cdn}/ig/${creator.userId}.jpg`,
    hd_profile_pic_url_info: { url: `${cdn}/ig/${creator.userId}_hd.jpg` },
    biography: creator.biography,
    full_name: creator.name,
    is_verified: creator.isVerified,
    account_type: 3,
    follower_count: profile.followerCount,
    external_url: creator.link ?? '',
    following_count: creator.followingCount,
    media_count: profile.postCount,
    id: creator.userId,
  };
}

/** `/v2/instagram/user/posts`. */
export function feedPage(profile: ProfileAt, pinned: readonly Post[], listing: Listing, timeMs: number) {
  const user = feedUser(profile);
  const items = [
    ...pinned.map((post) => feedItem(profile.creator, user, post, true, timeMs)),
    ...listing.posts.map((post) => feedItem(profile.creator, user, post, false, timeMs)),
  ];
  return {
    num_results: items.length,
    more_available: listing.hasMore,
    items,
    ...(listing.hasMore && { next_max_id: items.at(-1)?.id }),
    user,
    auto_load_more_enabled: false,
    status: 'ok',
  };
}

function feedUser({ creator, username, isPrivate }: ProfileAt) {
  return {
    pk: creator.userId,
    pk_id: creator.userId,
    id: creator.userId,
    username,
    full_name: creator.name,
    is_private: isPrivate,
    is_verified: creator.isVerified,
    profile_pic_url: `${cdn}/ig/${creator.userId}.jpg`,
  };
}

type FeedUser = ReturnType<typeof feedUser>;

function feedItem(creator: Creator, user: FeedUser, post: Post, isPinned: boolean, timeMs: number) {
  const pk = postId(creator, post.slot);
  const code = shortcodeFromPk(pk);
  const seconds = post.createdMs / 1000;
  return {
    pk,
    id: `${pk}_${creator.userId}`,
    like_and_view_counts_disabled: post.hidesLikes,
    share_count_disabled: false,
    taken_at: seconds,
    media_type: mediaTypes[post.kind],
    code,
    caption: { created_at: seconds, text: post.caption, user_id: creator.userId, media_id: pk },
    timeline_pinned_user_ids: isPinned ? [creator.userId] : [],
    clips_tab_pinned_user_ids: [],
    display_uri: `${cdn}/ig/p/${pk}.jpg`,
    coauthor_producers: [],
    user,
    image_versions2: { candidates: [{ width: 720, height: 1280, url: `${cdn}/ig/p/${pk}.jpg` }] },
    product_type: productTypes[post.kind],
    ...feedCounters(creator, post, timeMs),
    url: `https://www.instagram.com/${user.username}/p/${code}/`,
  };
}

/** The avatars shown beside hidden likes are counted instead of the likes, as seen in the wild. */
const likeSentinel = 3;

function feedCounters(creator: Creator, post: Post, timeMs: number) {
  const counts = countsAt(post, timeMs);
  const shared = {
    like_count: post.hidesLikes ? likeSentinel : counts.likes,
    comment_count: counts.comments,
    reshare_count: counts.shares,
  };
  if (post.kind !== 'video') return shared;
  const facebook = creator.crossPostsToFacebook
    ? { fb_play_count: counts.facebookPlays, fb_like_count: counts.facebookLikes }
    : {};
  return {
    ...shared,
    ...facebook,
    // play_count is all surfaces together, ig_play_count Instagram alone.
    play_count: counts.views + (facebook.fb_play_count ?? 0),
    ig_play_count: counts.views,
    video_duration: post.durationSeconds,
    video_versions: [{ type: 101, width: 480, height: 853, url: `${cdn}/ig/p/${creator.key}_${post.slot}.mp4` }],
    has_audio: true,
  };
}

/** The legacy number leaves out views under three seconds. */
const legacyShare = 0.37;

/** `/v1/instagram/post`: GraphQL's media by shortcode. */
export function webPost(profile: ProfileAt, post: Post, timeMs: number) {
  const { creator } = profile;
  const id = postId(creator, post.slot);
  const counts = countsAt(post, timeMs);
  const isVideo = post.kind === 'video';
  const media = {
    __typename: webTypes[post.kind],
    id,
    shortcode: shortcodeFromPk(id),
    thumbnail_src: `${cdn}/ig/p/${id}.jpg`,
    display_url: `${cdn}/ig/p/${id}.jpg`,
    is_video: isVideo,
    ...(isVideo && {
      video_url: `${cdn}/ig/p/${id}.mp4`,
      video_view_count: Math.floor(counts.views * legacyShare),
      video_play_count: counts.views,
      video_duration: post.durationSeconds,
      product_type: 'clips',
    }),
    owner: { id: creator.userId, username: profile.username, is_verified: creator.isVerified, is_private: false },
    edge_media_to_caption: { edges: [{ node: { text: post.caption } }] },
    like_and_view_counts_disabled: post.hidesLikes,
    edge_media_to_parent_comment: { count: counts.comments, edges: [] },
    taken_at_timestamp: post.createdMs / 1000,
    edge_media_preview_like: { count: post.hidesLikes ? likeSentinel : counts.likes, edges: [] },
    coauthor_producers: [],
    pinned_for_users: [],
  };
  return { data: { xdt_shortcode_media: media }, status: 'ok' };
}
