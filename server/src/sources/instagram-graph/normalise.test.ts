import { describe, expect, it } from 'vitest';
import { noCounters } from '../payloads/normalised.ts';
import { graphItem, graphProfile } from './normalise.ts';
import { pauseAfter } from './usage.ts';

describe('media of Business Discovery', () => {
  const reel = {
    id: '17935846202119954',
    caption: 'hello',
    comments_count: 12,
    like_count: 126,
    view_count: 3865,
    media_type: 'VIDEO',
    media_product_type: 'REELS',
    media_url: 'https://cdn.example/v.mp4',
    thumbnail_url: 'https://cdn.example/t.jpg',
    permalink: 'https://www.instagram.com/reel/DEiyb48AeB9/',
    timestamp: '2026-08-01T10:00:00+0000',
  };

  it('is the post that other sources know by its media id', () => {
    expect(graphItem(reel)).toEqual({
      post: {
        externalId: '3540614075954356349',
        shortcode: 'DEiyb48AeB9',
        createTime: new Date('2026-08-01T10:00:00Z'),
        caption: 'hello',
        mediaType: 'video',
        durationSeconds: null,
        coverImageUrl: 'https://cdn.example/t.jpg',
        videoUrl: 'https://cdn.example/v.mp4',
        isPinned: false,
        viewKind: 'displayed',
        counters: { ...noCounters, viewCount: 3865, likeCount: 126, commentCount: 12 },
        precision: 'exact',
      },
    });
  });

  it('has no likes where the creator hides them, and no views where there is no reel', () => {
    const { like_count, view_count, ...image } = { ...reel, media_type: 'IMAGE' };
    expect(graphItem(image)).toMatchObject({
      post: { viewKind: null, mediaType: 'image', videoUrl: null, counters: { ...noCounters, commentCount: 12 } },
    });
    expect([like_count, view_count]).toEqual([126, 3865]);
  });

  it('is refused without permalink and shortcode', () => {
    const { permalink, ...nameless } = reel;
    expect(graphItem(nameless)).toMatchObject({ refused: { externalId: 'graph:17935846202119954' } });
    expect(graphItem({ ...nameless, shortcode: 'DEiyb48AeB9' })).toMatchObject({
      post: { externalId: '3540614075954356349' },
    });
    expect(graphItem({})).toMatchObject({ refused: { externalId: null, reason: 'a post without an id' } });
    expect(graphItem('x')).toMatchObject({ refused: { externalId: null } });
    expect(permalink).toContain('DEiyb48AeB9');
  });

  it.each([
    ['2026-08-01T10:00:00+0000', '2026-08-01T10:00:00.000Z'],
    ['2026-08-01T10:00:00+02:00', '2026-08-01T08:00:00.000Z'],
    ['2026-08-01T10:00:00Z', '2026-08-01T10:00:00.000Z'],
    ['2026-13-01T10:00:00Z', undefined],
    ['yesterday', undefined],
  ])('reads the time %s', (timestamp, expected) => {
    const item = graphItem({ ...reel, timestamp });
    expect('post' in item ? item.post.createTime?.toISOString() : 'refused').toBe(expected);
  });
});

describe('a profile of Business Discovery', () => {
  it('bears the numeric id of other sources apart from the one of Graph', () => {
    const discovery = { id: '17841402569541629', followers_count: 5 };
    expect(graphProfile(discovery, 'someone')).toMatchObject({
      platformProfileId: null,
      sourceProfileId: '17841402569541629',
      username: 'someone',
    });
    expect(graphProfile({ followers_count: 5 }, 'someone')).not.toHaveProperty('sourceProfileId');
    expect(graphProfile({ ...discovery, ig_id: '314216' }, 'a')).toMatchObject({ platformProfileId: '314216' });
  });
});

describe('pauseAfter', () => {
  it('grows towards the limit', () => {
    const pauses = [null, 0, 74, 75, 80, 90, 99, 100].map((percent) => pauseAfter({ percent, regainMs: null }));
    expect(pauses.slice(0, 4)).toEqual([0, 0, 0, 0]);
    for (let index = 4; index < pauses.length; index += 1)
      expect(pauses[index]).toBeGreaterThan(pauses[index - 1] ?? 0);
    expect(pauseAfter({ percent: 3, regainMs: 60_000 })).toBe(60_000);
  });
});
