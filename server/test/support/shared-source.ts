import type { ObservedPost, Source } from '../../src/sources/source.ts';
import { observedPost, observedProfile } from './scripted-source.ts';
import { externalIdOf, followersOf, type Growth, levelOf, postPlan, usernameOf } from './shared-plan.ts';

const hourMs = 3_600_000;

/** Shows both profiles and their posts as of the moment at which it is asked. */
export function sharedSource(prefix: string, beginMs: number, growths: readonly Growth[]): Source {
  const hourAt = (now: Date) => Math.floor((now.getTime() - beginMs) / hourMs);
  const profileOf = (username: string) => Number(username.at(-1));
  const author = (profile: number) => ({
    platformProfileId: `${prefix}${profile}`,
    username: usernameOf(prefix, profile),
  });
  const show = (post: number, hour: number, hasLikes = true): ObservedPost => {
    const { views, likes } = levelOf(growths, post, hour);
    const createTime = new Date(beginMs + (postPlan[post]?.born ?? 0) * hourMs);
    const counters = { viewCount: views, ...(hasLikes && { likeCount: likes }) };
    return observedPost(externalIdOf(prefix, post), counters, { createTime });
  };
  return {
    name: 'scripted',
    idSpace: 'scripted',
    platforms: ['instagram'],
    isSandbox: false,
    fetchProfile: async ({ username }, { now }) => {
      const profile = profileOf(username);
      const followerCount = followersOf(profile, hourAt(now));
      return { ok: true, value: { ...observedProfile({ followerCount }), ...author(profile) } };
    },
    fetchPosts: async ({ username }, _cursor, { now }) => {
      const [profile, hour] = [profileOf(username), hourAt(now)];
      const posts = [...postPlan.entries()].flatMap(([post, plan]) => {
        const hasLikes = !(profile === 1 && plan.hidesLikesFromOther === true);
        return plan.shownBy.includes(profile) && plan.born <= hour ? [show(post, hour, hasLikes)] : [];
      });
      return { ok: true, value: { posts, refused: [], nextCursor: null } };
    },
    fetchPost: async ({ externalId }, { now }) => {
      const post = Number(externalId.at(-1));
      return { ok: true, value: { post: show(post, hourAt(now)), author: author(postPlan[post]?.shownBy[0] ?? 0) } };
    },
    close: async () => {},
  };
}
