import { counter, type Fields, fields, fieldsAt, flag, link, numericId, text } from '../fields.ts';
import type { ObservedProfile, Precision } from '../source.ts';

type Counts = Pick<ObservedProfile, 'followerCount' | 'followingCount' | 'postCount' | 'precision'>;

/** A TikTok profile: `user` with `stats`, which are rounded above about 10,000, and perhaps `statsV2`, exact but text. */
export function tiktokUser(userInfo: Fields): ObservedProfile | null {
  const user = fields(userInfo.user);
  const username = text(user?.uniqueId)?.toLowerCase();
  const counts = profileCounts(userInfo);
  if (user === null || username === undefined || counts.followerCount === null) return null;
  return {
    platformProfileId: numericId(user.id),
    username,
    name: text(user.nickname),
    description: text(user.signature),
    linkInBio: link(fieldsAt(user, 'bioLink')?.link),
    profilePicUrl: link(user.avatarLarger) ?? link(user.avatarMedium) ?? link(user.avatarThumb),
    isVerified: flag(user.verified),
    isPrivate: user.privateAccount === true || user.secret === true,
    ...counts,
  };
}

function profileCounts(userInfo: Fields): Counts {
  const exact = fields(userInfo.statsV2);
  const rounded = fields(userInfo.stats);
  let precision: Precision = 'exact';
  const pick = (key: string): number | null => {
    const count = counter(exact?.[key]);
    if (count !== null) return count;
    const fallback = counter(rounded?.[key]);
    if (fallback !== null) precision = 'rounded';
    return fallback;
  };
  const [followerCount, followingCount, postCount] = [
    pick('followerCount'),
    pick('followingCount'),
    pick('videoCount'),
  ];
  return { followerCount, followingCount, postCount, precision };
}
