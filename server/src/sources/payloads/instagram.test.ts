import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ObservedPost, RefusedItem } from '../source.ts';
import { instagramPrivateMedia } from './instagram-private.ts';
import { instagramUser } from './instagram-user.ts';
import { instagramWebMedia } from './instagram-web.ts';
import { noCounters, type Normalised } from './normalised.ts';

const postOf = (item: Normalised): ObservedPost => {
  if ('refused' in item) throw new Error(item.refused.reason);
  return item.post;
};
const refusalOf = (item: Normalised): RefusedItem | null => ('refused' in item ? item.refused : null);
const read = (media: object): ObservedPost =>
  postOf(instagramPrivateMedia({ pk: '3540614075954356349', media_type: 2, ...media }));
const readWeb = (node: object): ObservedPost =>
  postOf(instagramWebMedia({ id: '3540614075954356349', __typename: 'GraphVideo', ...node }));

describe('views of Instagram', () => {
  it.each([
    [
      'plays on Instagram before all plays',
      { ig_play_count: 70, play_count: 100, fb_play_count: 30 },
      70,
      70,
      'displayed',
    ],
    ['all plays where there is nothing else', { play_count: 100 }, 100, 100, 'displayed'],
    ['null plays whose number has moved', { play_count: null, ig_play_count: 70 }, 70, 70, 'displayed'],
    ['plays before the legacy number', { play_count: 4651, view_count: 1639 }, 4651, 4651, 'displayed'],
    ['the legacy number alone, marked', { view_count: 1639 }, 1639, null, 'legacy'],
    ['the legacy number under its other name', { video_view_count: 269 }, 269, null, 'legacy'],
    ['nothing', {}, null, null, null],
    ['garbage', { play_count: -1, ig_play_count: 1.5, view_count: 'many' }, null, null, null],
  ] as const)('%s', (_name, media, viewCount, playCount, viewKind) => {
    const { counters, viewKind: kind } = read(media);
    expect([counters.viewCount, counters.playCount, kind]).toEqual([viewCount, playCount, viewKind]);
  });

  it('takes video_play_count of the web before video_view_count', () => {
    expect(readWeb({ video_view_count: 269, video_play_count: 1174 })).toMatchObject({
      viewKind: 'displayed',
      counters: { ...noCounters, viewCount: 1174, playCount: 1174 },
    });
    expect(readWeb({ video_view_count: 269 })).toMatchObject({
      viewKind: 'legacy',
      counters: { ...noCounters, viewCount: 269 },
    });
  });

  it('is never the legacy number while any play count is given', () => {
    const count = fc.option(fc.oneof(fc.maxSafeNat(), fc.constantFrom(-1, 1.5, 'x')), { nil: undefined });
    fc.assert(
      fc.property(count, count, count, (ig, plays, legacy) => {
        const { counters, viewKind } = read({ ig_play_count: ig, play_count: plays, view_count: legacy });
        if (viewKind === 'displayed') expect(counters.viewCount).toBe(counters.playCount);
        if (viewKind === 'legacy') expect([counters.viewCount, counters.playCount]).toEqual([legacy, null]);
        if (viewKind === null) expect([counters.viewCount, counters.playCount]).toEqual([null, null]);
      }),
    );
  });

  it('takes a filler 0 of images for unknown, but believes it of a new reel', () => {
    expect(read({ media_type: 1, play_count: 0, view_count: 0 }).counters).toEqual(noCounters);
    expect(read({ media_type: 8, view_count: 12 })).toMatchObject({ viewKind: 'legacy', counters: { viewCount: 12 } });
    expect(read({ play_count: 0 }).counters).toMatchObject({ viewCount: 0, playCount: 0 });
  });
});

describe('likes of Instagram', () => {
  it('are unknown when hidden, whatever sentinel stands in their place', () => {
    for (const like_count of [3, -1, 0, null, 126]) {
      const post = read({ like_and_view_counts_disabled: true, like_count, fb_like_count: 3, play_count: 40 });
      expect(post.counters).toMatchObject({ likeCount: null, fbLikeCount: null, viewCount: 40 });
    }
    expect(read({ like_count: -1 }).counters.likeCount).toBeNull();
    expect(read({}).counters.likeCount).toBeNull();
    expect(read({ like_count: 0 }).counters.likeCount).toBe(0);
    const edges = { edge_media_preview_like: { count: 3 }, edge_liked_by: { count: 3 } };
    expect(readWeb({ ...edges, like_and_view_counts_disabled: true }).counters.likeCount).toBeNull();
    expect(readWeb({ ...edges, edge_media_preview_like: { count: -1 } }).counters.likeCount).toBe(3);
  });

  it("keeps Facebook's counters apart", () => {
    const media = {
      ig_play_count: 70,
      play_count: 100,
      fb_play_count: 30,
      like_count: 9,
      fb_like_count: 2,
      reshare_count: 4,
    };
    expect(read({ ...media, comment_count: '12' }).counters).toEqual({
      viewCount: 70,
      playCount: 70,
      igPlayCount: 70,
      fbPlayCount: 30,
      likeCount: 9,
      fbLikeCount: 2,
      commentCount: 12,
      shareCount: 4,
      savedCount: null,
    });
  });
});

describe('posts of Instagram', () => {
  it('find their id in any field that holds all digits', () => {
    const id = (media: object) => postOf(instagramPrivateMedia(media)).externalId;
    expect(id({ pk: '3540614075954356349' })).toBe('3540614075954356349');
    expect(id({ id: '3540614075954356349_2700692569' })).toBe('3540614075954356349');
    expect(id({ pk: 3540614075954356000, code: 'DEiyb48AeB9' })).toBe('3540614075954356349');
  });

  it.each([null, 'x', 7, [], {}, { pk: 0 }, { pk: 'abc' }, { media: {} }])('are refused without one: %j', (item) => {
    expect(refusalOf(instagramPrivateMedia(item))).toMatchObject({ externalId: null, reason: 'a post without an id' });
    expect(refusalOf(instagramWebMedia(item))).toMatchObject({ externalId: null, reason: 'a post without an id' });
  });

  it('flag pins, types and implausible times', () => {
    expect(read({ timeline_pinned_user_ids: ['1'] }).isPinned).toBe(true);
    expect(read({ clips_tab_pinned_user_ids: ['1'] }).isPinned).toBe(false);
    expect(readWeb({ pinned_for_users: [{ id: '1' }] }).isPinned).toBe(true);
    expect([1, 2, 8, 9, 'x'].map((media_type) => read({ media_type }).mediaType)).toEqual([
      'image',
      'video',
      'carousel',
      null,
      null,
    ]);
    const types = ['XDTGraphSidecar', 'GraphImage', 'XDTGraphVideo', 'Other'];
    expect(types.map((__typename) => readWeb({ __typename }).mediaType)).toEqual(['carousel', 'image', 'video', null]);
    expect([0, -5, 'x', 1736294201000, undefined].map((taken_at) => read({ taken_at }).createTime)).toEqual(
      Array(5).fill(null),
    );
  });
});

describe('a profile of Instagram', () => {
  it('needs a name and a follower count', () => {
    expect(instagramUser({ username: 'A.B', follower_count: 5 })).toMatchObject({
      username: 'a.b',
      followerCount: 5,
      postCount: null,
    });
    for (const user of [{}, { username: 'a' }, { follower_count: 5 }, { username: 'a', follower_count: 'many' }]) {
      expect(instagramUser(user)).toBeNull();
    }
  });
});
