import { describe, expect, it } from 'vitest';
import { noCounters } from './normalised.ts';
import { tiktokUser } from './tiktok-user.ts';
import { tiktokAweme, tiktokCounters } from './tiktok-video.ts';

describe('counters of TikTok', () => {
  it('prefers the exact text of statsV2 and coerces it', () => {
    const stats = { playCount: 15000000, diggCount: 1000, collectCount: '17' };
    const statsV2 = {
      playCount: '15012345',
      diggCount: '1000',
      commentCount: '3',
      shareCount: '4',
      collectCount: '17',
    };
    expect(tiktokCounters({ stats, statsV2 })).toEqual({
      ...noCounters,
      viewCount: 15012345,
      playCount: 15012345,
      likeCount: 1000,
      commentCount: 3,
      shareCount: 4,
      savedCount: 17,
      precision: 'exact',
    });
  });

  it('says so when it has to fall back on rounded counts', () => {
    const stats = { playCount: 15000000, diggCount: 1000, collectCount: '17' };
    expect(tiktokCounters({ stats })).toMatchObject({
      playCount: 15000000,
      savedCount: 17,
      shareCount: null,
      precision: 'rounded',
    });
    expect(tiktokCounters({ stats, statsV2: { playCount: '15012345' } })).toMatchObject({
      playCount: 15012345,
      precision: 'rounded',
    });
  });

  it('never makes a number of garbage', () => {
    const statistics = {
      play_count: -1,
      digg_count: 1.5,
      comment_count: '1e3',
      share_count: null,
      collect_count: 2 ** 53,
    };
    expect(tiktokCounters({ statistics })).toEqual({ ...noCounters, precision: 'exact' });
    expect(tiktokCounters({})).toEqual({ ...noCounters, precision: 'exact' });
  });

  it('of a profile follow the same order', () => {
    const user = { id: '6659752019493208069', uniqueId: 'Someone' };
    const stats = { followerCount: 4000000, followingCount: 74, videoCount: 2017 };
    const statsV2 = { followerCount: '4001943', followingCount: '74', videoCount: '2017' };
    expect(tiktokUser({ user, stats, statsV2 })).toMatchObject({
      username: 'someone',
      followerCount: 4001943,
      precision: 'exact',
    });
    expect(tiktokUser({ user, stats })).toMatchObject({ followerCount: 4000000, precision: 'rounded' });
    expect(tiktokUser({ user, stats: {} })).toBeNull();
    expect(tiktokUser({ user: { ...user, uniqueId: 5 }, stats })).toBeNull();
  });
});

describe('posts of TikTok', () => {
  const aweme = { aweme_id: '7470969622276164906', create_time: 1739470683, video: { duration: 89131 } };

  it('tells photos from videos, and takes milliseconds for what they are', () => {
    expect(tiktokAweme(aweme)).toMatchObject({ post: { mediaType: 'video', durationSeconds: 89.131 } });
    const photos = (count: number) => ({
      ...aweme,
      image_post_info: { images: Array.from({ length: count }, () => ({})) },
    });
    expect(tiktokAweme(photos(3))).toMatchObject({
      post: { mediaType: 'carousel', durationSeconds: null, videoUrl: null },
    });
    expect(tiktokAweme(photos(1))).toMatchObject({ post: { mediaType: 'image' } });
  });

  it('flags pins and leaves an absent or zero time unknown', () => {
    expect(tiktokAweme({ ...aweme, is_top: 1, create_time: 0 })).toMatchObject({
      post: { isPinned: true, createTime: null },
    });
    expect(tiktokAweme({ ...aweme, create_time: undefined })).toMatchObject({
      post: { isPinned: false, createTime: null },
    });
  });

  it('refuses what has no id, or one that lost digits, or is deleted', () => {
    for (const item of [null, 'x', {}, { aweme_id: '' }, { aweme_id: 7470969622276164906 }]) {
      expect(tiktokAweme(item)).toMatchObject({ refused: { externalId: null, reason: 'a post without an id' } });
    }
    expect(tiktokAweme({ ...aweme, status: { is_delete: true } })).toMatchObject({
      refused: { externalId: '7470969622276164906', reason: 'a deleted post' },
    });
  });
});
