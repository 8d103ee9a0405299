import { startVendorServer, type VendorReply, type VendorRequest } from '../../server/test/support/vendor-server.ts';

/** A vendor in ScrapeCreators' wire format that answers what a test says: the fixture collector of contract §7. */

export interface FixturePost {
  id: string;
  createTime: string;
  views: number;
  likes?: number;
  comments?: number;
  shares?: number;
  caption?: string;
}

export interface FixtureProfile {
  platform: 'instagram' | 'tiktok';
  username: string;
  followers: number;
  posts: FixturePost[];
}

export interface FixtureVendor {
  url: string;
  /** What is known of a profile from now on. */
  show(profile: FixtureProfile): void;
  close(): Promise<void>;
}

export async function startFixtureVendor(): Promise<FixtureVendor> {
  const profiles: FixtureProfile[] = [];
  const server = await startVendorServer((request) => answer(profiles, request));
  return {
    url: server.url,
    show(profile) {
      const index = profiles.findIndex(({ platform, username }) => isSame(profile, platform, username));
      if (index === -1) profiles.push(profile);
      else profiles[index] = profile;
    },
    close: () => server.close(),
  };
}

const isSame = (profile: FixtureProfile, platform: string, username: string): boolean =>
  profile.platform === platform && profile.username === username;

const notFound: VendorReply = { status: 404, body: { success: false, message: 'Profile not found' } };

function answer(profiles: readonly FixtureProfile[], { path, query }: VendorRequest): VendorReply {
  const platform = path.includes('/instagram/') ? 'instagram' : 'tiktok';
  if (path.endsWith('/post') || path.endsWith('/video')) return postAnswer(profiles, platform, query.url ?? '');
  const userId = query.userId ?? query.user_id;
  const profile = profiles.find(
    (candidate) =>
      candidate.platform === platform && (candidate.username === query.handle || userIdOf(candidate) === userId),
  );
  if (profile === undefined) return notFound;
  const body = bodies[path]?.(profile);
  return body === undefined ? { status: 500, body: { message: `no answer for ${path}` } } : { body };
}

const bodies: Record<string, (profile: FixtureProfile) => object> = {
  '/v1/instagram/profile': (profile) => ({ data: { user: instagramUser(profile) } }),
  '/v1/instagram/basic-profile': instagramUser,
  '/v2/instagram/user/posts': (profile) => ({
    items: profile.posts.map(instagramItem),
    more_available: false,
    user: { pk: userIdOf(profile), username: profile.username },
    status: 'ok',
  }),
  '/v1/tiktok/profile': tiktokUser,
  '/v3/tiktok/profile/videos': (profile) => ({
    aweme_list: profile.posts.map((post) => aweme(profile, post)),
    has_more: 0,
    max_cursor: 0,
    status_code: 0,
  }),
};

function postAnswer(profiles: readonly FixtureProfile[], platform: string, url: string): VendorReply {
  for (const profile of profiles.filter((candidate) => candidate.platform === platform)) {
    for (const post of profile.posts) {
      if (platform === 'tiktok' && url.includes(post.id))
        return { body: { aweme_detail: aweme(profile, post), status_code: 0 } };
      if (url.includes(`/${shortcodeOf(post.id)}/`))
        return { body: { data: { xdt_shortcode_media: webMedia(profile, post) } } };
    }
  }
  return { status: 404, body: { success: false, message: 'Post not found' } };
}

/** Stable, and different from name to name. */
const userIdOf = ({ username }: FixtureProfile): string =>
  `1${[...Buffer.from(username)].reduce((sum, byte) => (sum * 31 + byte) % 1_000_000_007, 7)}`;

const seconds = (time: string): number => Date.parse(time) / 1000;

function instagramUser(profile: FixtureProfile) {
  return {
    id: userIdOf(profile),
    username: profile.username,
    full_name: profile.username,
    is_private: false,
    is_verified: false,
    follower_count: profile.followers,
    following_count: 10,
    media_count: profile.posts.length,
  };
}

function tiktokUser(profile: FixtureProfile) {
  return {
    user: { id: userIdOf(profile), uniqueId: profile.username, nickname: profile.username, verified: false },
    stats: { followerCount: profile.followers, followingCount: 10, videoCount: profile.posts.length },
  };
}

function instagramItem(post: FixturePost) {
  return {
    pk: post.id,
    code: shortcodeOf(post.id),
    taken_at: seconds(post.createTime),
    media_type: 2,
    product_type: 'clips',
    caption: { text: post.caption ?? `post ${post.id}` },
    play_count: post.views,
    ig_play_count: post.views,
    like_count: post.likes ?? 0,
    comment_count: post.comments ?? 0,
    reshare_count: post.shares ?? 0,
    video_duration: 10,
  };
}

function webMedia(profile: FixtureProfile, post: FixturePost) {
  return {
    __typename: 'XDTGraphVideo',
    id: post.id,
    shortcode: shortcodeOf(post.id),
    is_video: true,
    video_play_count: post.views,
    taken_at_timestamp: seconds(post.createTime),
    owner: { id: userIdOf(profile), username: profile.username },
    edge_media_to_caption: { edges: [{ node: { text: post.caption ?? `post ${post.id}` } }] },
    edge_media_to_parent_comment: { count: post.comments ?? 0 },
    edge_media_preview_like: { count: post.likes ?? 0 },
  };
}

function aweme(profile: FixtureProfile, post: FixturePost) {
  return {
    aweme_id: post.id,
    author: { uid: userIdOf(profile), unique_id: profile.username },
    create_time: seconds(post.createTime),
    desc: post.caption ?? `post ${post.id}`,
    statistics: {
      play_count: post.views,
      digg_count: post.likes ?? 0,
      comment_count: post.comments ?? 0,
      share_count: post.shares ?? 0,
      collect_count: 0,
    },
    status: { is_delete: false, private_status: 0 },
    video: { duration: 10_000 },
  };
}

const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Instagram's short code of a media id: the id in base 64. */
export function shortcodeOf(id: string): string {
  let code = '';
  for (let rest = BigInt(id); rest > 0n; rest /= 64n) code = alphabet.charAt(Number(rest % 64n)) + code;
  return code;
}
