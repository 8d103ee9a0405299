import { counter, type Fields, fields, flag, link, list, numericId, text } from '../fields.ts';
import type { ObservedProfile } from '../source.ts';

/**
 * An Instagram profile in either shape: instagram.com's `web_profile_info` (edge_followed_by.count …) or the private
 * API's user (follower_count …). null when it is neither: without a name or a follower count it is not a profile.
 */
export function instagramUser(user: Fields): ObservedProfile | null {
  const username = text(user.username)?.toLowerCase();
  const followerCount = edgeCount(user.edge_followed_by) ?? counter(user.follower_count);
  if (username === undefined || followerCount === null) return null;
  return {
    platformProfileId: numericId(user.id) ?? numericId(user.pk),
    username,
    name: text(user.full_name),
    description: text(user.biography),
    linkInBio: link(user.external_url) ?? link(fields(list(user.bio_links)?.[0])?.url),
    profilePicUrl:
      link(user.profile_pic_url_hd) ?? link(fields(user.hd_profile_pic_url_info)?.url) ?? link(user.profile_pic_url),
    isVerified: flag(user.is_verified),
    isPrivate: user.is_private === true,
    followerCount,
    followingCount: edgeCount(user.edge_follow) ?? counter(user.following_count),
    postCount: edgeCount(user.edge_owner_to_timeline_media) ?? counter(user.media_count),
    precision: 'exact',
    ...(typeof user.hide_like_and_view_counts === 'boolean' && { hidesCounts: hidesCounts(user) }),
  };
}

const edgeCount = (edge: unknown): number | null => counter(fields(edge)?.count);

/** The setting of a profile; its posts need not repeat it. */
export const hidesCounts = (user: Fields | null): boolean => user?.hide_like_and_view_counts === true;
