import { differingSpace, type PlatformIds, sharesId } from '../services/profiles/platform-ids.ts';
import { withHiddenCounts } from '../sources/payloads/hidden-counts.ts';
import type {
  Failure,
  ObservedPost,
  ObservedProfile,
  Platform,
  ProfileRef,
  RefusedItem,
  RequestOptions,
  Result,
  Source,
} from '../sources/source.ts';
import { firstAnswer, isDefinite, isMissing } from './first-answer.ts';
import type { Observation } from './observation.ts';

/** Whom to look for: by the ids that are known of it, where a source can ask by id. */
export interface Wanted {
  platform: Platform;
  username: string;
  ids: PlatformIds;
  /** It hid its counts when an answer said so last; null or absent: none has. */
  hidesCounts?: boolean | null;
}

export interface Reach {
  maxPosts: number | null;
  lookbackDays: number | null;
  /** Bound on pages of one refresh, whatever the trackers ask for. */
  maxPages: number;
}

const dayMs = 86_400_000;

/**
 * Reads a profile and its posts from the first source whose answer is credible. When there is none, the first answer comes
 * back all the same: whoever writes it down decides for good, and keeps it aside.
 */
export async function observe(
  sources: readonly Source[],
  { platform, username, ids, hidesCounts }: Wanted,
  reach: Reach,
  options: RequestOptions,
  isCredible: (seen: Observation) => Promise<boolean> = async () => true,
): Promise<Result<Observation>> {
  const doubtful: Observation[] = [];
  const answer = await firstAnswer(
    sources.filter((source) => source.platforms.includes(platform)),
    async (source) => {
      const platformProfileId = ids[source.idSpace] ?? null;
      const ref = { platform, username, platformProfileId, hidesCounts: hidesCounts ?? false };
      const seen = await observeFrom(source, ref, reach, options);
      if (!seen.ok || (await isCredible(seen.value))) return seen;
      doubtful.push(seen.value);
      return notBelieved;
    },
    `no source is configured for ${platform}`,
  );
  if (answer.ok) return { ok: true, value: withVouchedIds(answer.value, doubtful, ids) };
  const [first] = doubtful;
  if (first === undefined || isDefinite(answer.failure)) return answer;
  return { ok: true, value: { ...first, elsewhere: isMissing(answer.failure) ? null : answer.failure } };
}

/**
 * A source that knows the profile by its id has found it under the name that a doubtful answer is about: so that one was the
 * profile's too, and its ids are learnt with it.
 */
function withVouchedIds(seen: Observation, doubtful: readonly Observation[], known: PlatformIds): Observation {
  if (!sharesId(known, seen.ids)) return seen;
  const ids: Record<string, string> = { ...seen.ids };
  for (const other of doubtful) {
    const isSame = other.profile.username === seen.profile.username;
    if (isSame && differingSpace({ ...known, ...ids }, other.ids) === null) Object.assign(ids, other.ids);
  }
  return { ...seen, ids };
}

/** Of less weight than whatever another source fails with. */
const notBelieved: Result<never> = { ok: false, failure: { code: 'not_found', message: 'the answer is not believed' } };

async function observeFrom(
  source: Source,
  ref: ProfileRef,
  reach: Reach,
  options: RequestOptions,
): Promise<Result<Observation>> {
  const found = await source.fetchProfile(ref, options);
  if (!found.ok) return found;
  const { value: profile } = found;
  if (profile.isPrivate) return { ok: false, failure: { code: 'private', message: 'the profile is private' } };
  // A profile found by its id may have another name by now, and posts are asked for by name.
  const feed = await readFeed(source, { ...ref, username: profile.username }, reach, options);
  if (!feed.ok) return feed;
  // An answer that does not say leaves standing what an earlier one has said.
  const hidesCounts = profile.hidesCounts ?? ref.hidesCounts ?? false;
  const posts = hidesCounts ? feed.value.posts.map(withHiddenCounts) : feed.value.posts;
  const ids = idsOf(source, profile);
  return { ok: true, value: { source: source.name, ids, profile, ...feed.value, posts, elsewhere: null } };
}

type Feed = Pick<Observation, 'posts' | 'refused' | 'incomplete' | 'isCut'>;

async function readFeed(source: Source, ref: ProfileRef, reach: Reach, options: RequestOptions): Promise<Result<Feed>> {
  const posts = new Map<string, ObservedPost>();
  const refused: RefusedItem[] = [];
  let incomplete: Failure | null = null;
  let isCut = false;
  let cursor: string | null = null;
  const asked = new Set<string | null>();
  for (let page = 0; ; page += 1) {
    asked.add(cursor);
    const result = await source.fetchPosts(ref, cursor, options);
    if (!result.ok) {
      if (posts.size === 0) return result;
      incomplete = result.failure;
      break;
    }
    for (const post of result.value.posts) if (!posts.has(post.externalId)) posts.set(post.externalId, post);
    refused.push(...result.value.refused);
    cursor = result.value.nextCursor;
    if (cursor === null || isFarEnough(result.value.posts, posts, reach, options.now)) break;
    if (asked.has(cursor)) {
      incomplete = { code: 'upstream_changed', message: `the cursor of page ${page + 1} repeats` };
      break;
    }
    if (page + 1 >= reach.maxPages) {
      isCut = true;
      break;
    }
  }
  return { ok: true, value: { posts: [...posts.values()], refused, incomplete, isCut } };
}

/** A source's own ids are a space of their own. */
function idsOf(source: Source, { platformProfileId, sourceProfileId }: ObservedProfile): PlatformIds {
  return {
    ...(platformProfileId !== null && { [source.idSpace]: platformProfileId }),
    ...(sourceProfileId !== undefined && { [source.name]: sourceProfileId }),
  };
}

/** Pinned posts are older than their place in the list, so they say nothing about how far back it has come. */
function isFarEnough(page: readonly ObservedPost[], seen: Map<string, ObservedPost>, reach: Reach, now: Date): boolean {
  if (reach.maxPosts !== null) {
    let unpinned = 0;
    for (const post of seen.values()) if (!post.isPinned) unpinned += 1;
    if (unpinned >= reach.maxPosts) return true;
  }
  if (reach.lookbackDays === null) return false;
  const dated = page.flatMap((post) => (post.isPinned || post.createTime === null ? [] : [post.createTime.getTime()]));
  const oldestAllowed = now.getTime() - reach.lookbackDays * dayMs;
  return dated.length > 0 && dated.every((time) => time < oldestAllowed);
}
