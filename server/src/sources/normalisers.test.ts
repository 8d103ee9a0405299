import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { apifyInstagramPost, apifyInstagramProfile } from './apify/instagram-items.ts';
import { apifyTiktokPost, apifyTiktokProfile } from './apify/tiktok-items.ts';
import type { Fields } from './fields.ts';
import { parseJson } from './json.ts';
import type { Normalised } from './payloads/normalised.ts';
import { tiktokWebItem } from './payloads/tiktok-web-item.ts';
import type { ObservedProfile } from './source.ts';
import { displayUser, displayVideo } from './tiktok-display/normalise.ts';
import { researchUser, researchVideo } from './tiktok-research/normalise.ts';

/** Each with the fields that it reads; a dot leads into an object. */
const posts: [string, (item: unknown) => Normalised, string[]][] = [
  [
    'Apify, Instagram',
    apifyInstagramPost,
    [
      'id',
      'shortCode',
      'type',
      'timestamp',
      'caption',
      'likesCount',
      'commentsCount',
      'videoViewCount',
      'videoPlayCount',
      'videoDuration',
      'isPinned',
    ],
  ],
  [
    'Apify, TikTok',
    apifyTiktokPost,
    [
      'id',
      'createTime',
      'playCount',
      'diggCount',
      'commentCount',
      'shareCount',
      'collectCount',
      'videoMeta.duration',
      'isSlideshow',
    ],
  ],
  [
    'Research API',
    researchVideo,
    [
      'id',
      'video_id',
      'create_time',
      'view_count',
      'like_count',
      'comment_count',
      'share_count',
      'favorites_count',
      'video_duration',
    ],
  ],
  [
    'Display API',
    displayVideo,
    ['id', 'create_time', 'view_count', 'like_count', 'comment_count', 'share_count', 'duration'],
  ],
  [
    'tiktok.com',
    tiktokWebItem,
    [
      'id',
      'createTime',
      'stats.playCount',
      'statsV2.playCount',
      'stats.diggCount',
      'statsV2.collectCount',
      'video.duration',
      'takeDown',
      'secret',
    ],
  ],
];

const profiles: [string, (item: Fields) => ObservedProfile | null, string[]][] = [
  [
    'Apify, Instagram',
    apifyInstagramProfile,
    ['id', 'username', 'followersCount', 'followsCount', 'postsCount', 'verified', 'externalUrls'],
  ],
  [
    'Apify, TikTok',
    apifyTiktokProfile,
    ['authorMeta.id', 'authorMeta.name', 'authorMeta.fans', 'authorMeta.following', 'authorMeta.video'],
  ],
  [
    'Research API',
    (item) => researchUser(item, 'someone'),
    ['follower_count', 'following_count', 'video_count', 'is_verified', 'bio_url'],
  ],
  ['Display API', displayUser, ['open_id', 'username', 'follower_count', 'following_count', 'video_count']],
];

/** What vendors have been seen to put in the place of a number, an id or a name, and what nobody has seen yet. */
const value = fc.oneof(
  fc.constantFrom(
    null,
    undefined,
    -1,
    3,
    '',
    '12',
    '1e3',
    '1,234',
    '-5',
    1.5,
    true,
    false,
    2 ** 53,
    Number.MAX_SAFE_INTEGER,
    [],
    {},
    [1],
    { count: 5 },
  ),
  fc.integer({ min: 1, max: 2_000_000_000 }),
  fc.integer({ min: 1, max: 2_000_000_000 }).map(String),
  fc.constantFrom(
    '7470969622276164906',
    'Video',
    'Image',
    '2026-10-01T00:00:00.000Z',
    '2026-13-45T99:00:00Z',
    'a.name',
  ),
  fc.string().filter((text) => !/^0+$/.test(text)),
);

function itemOf(keys: readonly string[]): fc.Arbitrary<Fields> {
  return fc.tuple(...keys.map(() => value)).map((values) => {
    const item: Fields = {};
    for (const [i, key] of keys.entries()) {
      const [head = '', tail] = key.split('.');
      if (tail === undefined) item[head] = values[i];
      else item[head] = { ...(item[head] as Fields | undefined), [tail]: values[i] };
    }
    return item;
  });
}

const isCount = (count: number | null): boolean => count === null || (Number.isSafeInteger(count) && count > 0);

describe('whatever a source sends', () => {
  // No 0 is ever sent here, so that none may come out.
  it.each(posts)(
    'a post of %s has whole counts or unknown ones, and never a 0 that was not sent',
    (_name, read, keys) => {
      fc.assert(
        fc.property(itemOf(keys), (item) => {
          const result = read(item);
          if ('refused' in result) {
            expect(result.refused.reason).not.toBe('');
            return;
          }
          const { post } = result;
          expect(post.externalId).toMatch(/^[1-9]\d*$/);
          expect(Object.values(post.counters).every(isCount)).toBe(true);
          expect(post.durationSeconds === null || post.durationSeconds > 0).toBe(true);
          expect(post.createTime === null || !Number.isNaN(post.createTime.getTime())).toBe(true);
          expect(post.viewKind === null).toBe(post.counters.viewCount === null);
          if (post.viewKind === 'legacy') expect(post.counters.playCount).toBeNull();
        }),
        { numRuns: 500 },
      );
    },
  );

  it.each(profiles)('a profile of %s has followers and a name, or is none', (_name, read, keys) => {
    fc.assert(
      fc.property(itemOf(keys), (item) => {
        const profile = read(item);
        if (profile === null) return;
        expect(profile.username).toBe(profile.username.toLowerCase());
        expect(profile.followerCount).toBeGreaterThan(0);
        expect([profile.followingCount, profile.postCount].every(isCount)).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it.each(posts)('a post of %s is refused when it is no object', (_name, read) => {
    for (const item of [null, undefined, 'x', 7, true, [], [{}], {}]) {
      expect(read(item)).toMatchObject({ refused: { externalId: null, reason: 'a post without an id' } });
    }
  });

  it.each(posts)('an id of %s loses no digit', (_name, read) => {
    const ids = fc.bigInt({ min: 10n ** 15n, max: 2n ** 63n - 1n }).map(String);
    fc.assert(
      fc.property(ids, fc.boolean(), (id, isQuoted) => {
        const item = parseJson(`{"id":${isQuoted ? `"${id}"` : id},"timestamp":"2026-10-01T00:00:00.000Z"}`);
        expect(read(item)).toMatchObject({ post: { externalId: id } });
      }),
    );
  });
});
