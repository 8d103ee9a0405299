import { failed, ok } from './outcome.ts';
import type { ObservedProfile, PostPage, ProfileRef, Result } from './source.ts';

/** A reply without what every profile has is a changed payload; handles are recycled, so another id is another profile. */
export function checkProfile(profile: ObservedProfile | null, ref: ProfileRef): Result<ObservedProfile> {
  if (profile === null) return failed('upstream_changed', `the profile of ${ref.username} lacks its name or followers`);
  if (isSomeoneElse(profile.platformProfileId, ref)) {
    return failed('not_found', `the handle ${ref.username} belongs to someone else now`);
  }
  if (profile.isPrivate) return failed('private', `${ref.username} is private`);
  return ok(profile);
}

export function isSomeoneElse(foundId: string | null, ref: ProfileRef): boolean {
  return foundId !== null && ref.platformProfileId !== null && foundId !== ref.platformProfileId;
}

/** An empty list is believed only when the profile says that it has no posts: lists also come back empty when blocked. */
export function checkEmptyList(profile: Result<ObservedProfile>, ref: ProfileRef): Result<PostPage> {
  if (!profile.ok) return profile;
  if ((profile.value.postCount ?? 0) === 0) return ok({ posts: [], refused: [], nextCursor: null });
  return failed(
    'transient',
    `the list of ${ref.username} is empty, but the profile has ${profile.value.postCount} posts`,
  );
}
