import { numericId } from '../fields.ts';
import type { Answer } from '../http-client.ts';
import { failed, ok } from '../outcome.ts';
import { describe } from '../read-answer.ts';
import type { ObservedProfile, Result } from '../source.ts';
import { isWall, metaContent, readPage } from '../web/page.ts';

const counts = /^([\d.,]+[KMB]?) Followers, ([\d.,]+[KMB]?) Following, ([\d.,]+[KMB]?) Posts\b/i;
const units: Record<string, number> = { K: 1e3, M: 1e6, B: 1e9 };

/** What a page says to search engines: "15M Followers, 653 Following, 4,569 Posts - See …", and whose it is. */
export function readProfilePage(answer: Answer, username: string, nowMs: number): Result<ObservedProfile> {
  if (answer.status === 404) return failed('not_found', describe(answer, username));
  const page = readPage(answer, nowMs);
  if (!page.ok) return page;
  const [, ...said] = counts.exec(metaContent(page.value, 'og:description') ?? '') ?? [];
  const [followerCount = null, followingCount = null, postCount = null] = said.map(shownCount);
  if (followerCount === null) {
    const code = isWall(page.value) ? 'challenge' : 'upstream_changed';
    return failed(code, describe(answer, 'shows no follower count'));
  }
  return ok({
    platformProfileId: numericId(/"profile_id":"(\d+)"/.exec(page.value)?.[1]),
    username,
    name: null,
    description: null,
    linkInBio: null,
    profilePicUrl: null,
    isVerified: null,
    isPrivate: false,
    followerCount,
    followingCount,
    postCount,
    precision: said.some((count) => /[KMB]$/i.test(count)) ? 'rounded' : 'exact',
  });
}

/** "4,569", "1.2K", "15M"; null when it is nothing of the kind. */
export function shownCount(shown: string): number | null {
  const [, digits = '', unit = ''] = /^(\d{1,3}(?:,\d{3})*|\d+(?:\.\d+)?)([KMB]?)$/i.exec(shown) ?? [];
  if (digits === '' || (digits.includes('.') && unit === '')) return null;
  return Math.round(Number(digits.replaceAll(',', '')) * (units[unit.toUpperCase()] ?? 1));
}
