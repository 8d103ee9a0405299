import type {
  Failure,
  ObservedPost,
  ObservedPostWithAuthor,
  ObservedProfile,
  Platform,
  PostCounters,
  Source,
} from '../../src/sources/source.ts';

export const noCounters: PostCounters = {
  viewCount: null,
  playCount: null,
  likeCount: null,
  commentCount: null,
  shareCount: null,
  savedCount: null,
  fbPlayCount: null,
  igPlayCount: null,
  fbLikeCount: null,
};

/** A post as a source would give it, with the counters the test cares about. */
export function observedPost(
  externalId: string,
  counters: Partial<PostCounters>,
  rest: Partial<ObservedPost> = {},
): ObservedPost {
  return {
    externalId,
    shortcode: null,
    createTime: null,
    caption: `post ${externalId}`,
    mediaType: 'video',
    durationSeconds: 10,
    coverImageUrl: null,
    videoUrl: null,
    isPinned: false,
    viewKind: counters.viewCount === undefined ? null : 'displayed',
    precision: 'exact',
    ...rest,
    counters: { ...noCounters, ...counters },
  };
}

type ScriptedProfile = Omit<ObservedProfile, 'platformProfileId' | 'username'> & Partial<ObservedProfile>;

/** Without a name and an id of its own it is whoever is asked for. */
export function observedProfile(rest: Partial<ObservedProfile> = {}): ScriptedProfile {
  return {
    name: 'Someone',
    description: null,
    linkInBio: null,
    profilePicUrl: null,
    isVerified: false,
    isPrivate: false,
    followerCount: 100,
    followingCount: 10,
    postCount: 2,
    precision: 'exact',
    ...rest,
  };
}

export interface Script {
  profile: ScriptedProfile | Failure;
  posts: ObservedPost[];
  /** How often the profile was asked for. */
  asked: number;
  /** How often a post was asked for by itself, and what is answered when it is not one of `posts` by the profile. */
  askedPosts: number;
  single?: ObservedPostWithAuthor | Failure;
  pageSize?: number;
  /** Fails the page of this number. */
  failingPage?: { page: number; failure: Failure };
}

/**
 * A source of scripted answers: what the collector writes down is tested here, what connectors make of real payloads is
 * tested with them.
 */
export function scriptedSource(
  name = 'scripted',
  platforms: Platform[] = ['instagram', 'tiktok'],
): Source & { script: Script } {
  const script: Script = { profile: observedProfile(), posts: [], asked: 0, askedPosts: 0 };
  return {
    script,
    name,
    platforms,
    isSandbox: false,
    idSpace: 'platform',
    fetchProfile: async ({ platformProfileId, username }) => {
      script.asked += 1;
      if ('code' in script.profile) return { ok: false, failure: script.profile };
      return { ok: true, value: { ...whoever(username, platformProfileId), ...script.profile } };
    },
    fetchPosts: async (_ref, cursor) => {
      const page = Number(cursor ?? '0');
      if (script.failingPage?.page === page) return { ok: false, failure: script.failingPage.failure };
      const size = script.pageSize ?? 50;
      const posts = script.posts.slice(page * size, (page + 1) * size);
      const nextCursor = (page + 1) * size < script.posts.length ? String(page + 1) : null;
      return { ok: true, value: { posts, refused: [], nextCursor } };
    },
    fetchPost: async (ref) => {
      script.askedPosts += 1;
      const post = script.posts.find((candidate) => candidate.externalId === ref.externalId);
      const found = post === undefined ? null : { post, author: authorOf(script.profile, ref.authorUsername) };
      const answer = script.single ?? found ?? { code: 'removed_post', message: 'no such post' };
      return 'code' in answer ? { ok: false, failure: answer } : { ok: true, value: answer };
    },
    close: async () => {},
  };
}

const whoever = (username: string, id: string | null = null) => ({
  username,
  platformProfileId: id ?? `id of ${username}`,
});

function authorOf(profile: Script['profile'], askedFor: string | null): ObservedPostWithAuthor['author'] {
  const username = 'code' in profile ? null : (profile.username ?? askedFor);
  return username === null ? null : { ...whoever(username), ...profile };
}
