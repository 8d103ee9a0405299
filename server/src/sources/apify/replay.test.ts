import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type FakeApify, startFakeApify, succeeded } from '../../../test/support/fake-apify.ts';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import { parseJson } from '../json.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { ProfileRef, Source } from '../source.ts';
import { createApify } from './connector.ts';
import { apifyManifest } from './manifest.ts';

const options = { now: new Date('2026-11-05T00:00:00Z') };
const fixture = (name: string): unknown[] => parseJson(fixtureText(`apify/${name}.json`)) as unknown[];
const ref = (platform: ProfileRef['platform'], username: string, platformProfileId: string | null = null) => ({
  platform,
  username,
  platformProfileId,
});

describe.skipIf(areFixturesMissing)(`Apify replayed${skippedNote}`, () => {
  let apify: FakeApify;
  let source: Source;

  beforeAll(async () => {
    apify = await startFakeApify();
    apify.story = ({ actor }) => {
      if (actor === 'apify~instagram-profile-scraper')
        return succeeded(fixture('instagram-profile-scraper_frankcosta_2026'));
      if (actor === 'apify~instagram-scraper') return succeeded(fixture('instagram-scraper_posts_addParentData_2026'));
      return succeeded(fixture('clockworks_tiktok-scraper_profile-videos_2025'));
    };
    source = createApify({
      manifest: apifyManifest,
      baseUrl: apify.url,
      token: 'a-secret-token',
      monthlyUsd: 100,
      usdPerResult: 0.0023,
      reach: { posts: 10, maxPosts: 500, withReels: false },
      patience: { runTimeoutMs: 5000, waitForFinishS: 1, pollMs: 1 },
    });
  });

  afterEach(() => {
    apify.started.length = 0;
    apify.requests.length = 0;
  });

  afterAll(async () => {
    await source.close();
    await apify.close();
  });

  it('reads an Instagram profile', async () => {
    const result = await source.fetchProfile(ref('instagram', 'frankcosta', '44870418'), options);
    expect(result).toMatchObject({
      ok: true,
      value: {
        platformProfileId: '44870418',
        username: 'frankcosta',
        name: 'Frank Costa | INTELIGÊNCIA ARTIFICIAL PARA NEGÓCIOS',
        isVerified: true,
        isPrivate: false,
        followerCount: 129300,
        followingCount: 1070,
        postCount: 849,
        precision: 'exact',
      },
    });
    expect(apify.started).toMatchObject([
      { actor: 'apify~instagram-profile-scraper', input: { usernames: ['frankcosta'] }, query: { maxItems: '1' } },
    ]);
    expect(apify.requests.every(({ headers }) => headers.authorization === 'Bearer a-secret-token')).toBe(true);
    expect(JSON.stringify(apify.requests.map(({ query }) => query))).not.toContain('a-secret-token');
  });

  it('reads every post of the posts actor: plays of 1174 and 4755, not the legacy 269 and 1651', async () => {
    const result = await source.fetchPosts(ref('instagram', 'frankcosta', '44870418'), null, options);
    const posts = result.ok ? result.value.posts : [];
    expect(
      posts.map(({ externalId, mediaType, isPinned, counters: c }) => [
        externalId,
        mediaType,
        isPinned,
        c.viewCount,
        c.likeCount,
        c.commentCount,
      ]),
    ).toEqual([
      ['3831885754335684176', 'carousel', false, null, 54, 8],
      ['3218879339893678953', 'image', true, null, 655, 47],
      ['3830961746681417182', 'video', false, 1174, 42, 12],
      ['2982494637689868295', 'image', true, null, 377, 106],
      ['3829551766916980620', 'carousel', false, null, 401, 12],
      ['3830271796214393603', 'carousel', false, null, 15, 0],
      ['3830461095446743660', 'carousel', false, null, 448, 15],
      ['3831755345908092208', 'carousel', false, null, 30, 4],
      ['3193844703204129121', 'carousel', true, null, 946, 137],
      ['3829742775697331155', 'video', false, 4755, 44, 1],
    ]);
    expect(posts[2]).toMatchObject({
      shortcode: 'DUqT2lLDk3e',
      createTime: new Date('2026-02-12T14:33:08Z'),
      durationSeconds: 58.072,
      viewKind: 'displayed',
      precision: 'exact',
      counters: { ...noCounters, viewCount: 1174, playCount: 1174, likeCount: 42, commentCount: 12 },
    });
    expect(apify.started).toEqual([
      {
        actor: 'apify~instagram-scraper',
        input: {
          directUrls: ['https://www.instagram.com/frankcosta/'],
          resultsType: 'posts',
          resultsLimit: 10,
          addParentData: false,
        },
        query: { timeout: '5', maxItems: '10', maxTotalChargeUsd: '0.119' },
      },
    ]);
  });

  it('asks four times as deep for the next page, and leaves out what it has given', async () => {
    const first = await source.fetchPosts(ref('instagram', 'frankcosta'), null, options);
    const cursor = first.ok ? first.value.nextCursor : null;
    // The oldest that is not pinned: 2026-02-10T15:42:47Z.
    expect(cursor).toBe('40:1770738167');
    const second = await source.fetchPosts(ref('instagram', 'frankcosta'), cursor, options);
    expect(apify.started.at(-1)?.input).toMatchObject({ resultsLimit: 40 });
    expect(second).toMatchObject({ value: { posts: [{ externalId: '3829551766916980620' }], nextCursor: null } });
  });

  it('reads a TikTok profile and its first page from one run', async () => {
    const who = ref('tiktok', 'meenitech', '7337708524620203026');
    expect(await source.fetchProfile(who, options)).toMatchObject({
      ok: true,
      value: {
        platformProfileId: '7337708524620203026',
        username: 'meenitech',
        name: 'Meeni Tech',
        linkInBio: 'linktr.ee/meenitech',
        isVerified: false,
        followerCount: 149800,
        followingCount: 0,
        postCount: 395,
        precision: 'rounded',
      },
    });
    const result = await source.fetchPosts(who, null, options);
    expect(apify.started).toMatchObject([
      {
        actor: 'clockworks~tiktok-scraper',
        input: { profiles: ['meenitech'], resultsPerPage: 10, shouldDownloadVideos: false },
      },
    ]);
    const posts = result.ok ? result.value.posts : [];
    expect(
      posts.map(({ externalId, counters: c }) => [
        externalId,
        c.viewCount,
        c.likeCount,
        c.commentCount,
        c.shareCount,
        c.savedCount,
      ]),
    ).toEqual([
      ['7524354452762037512', 2314, 158, 12, 0, 23],
      ['7523974732983651591', 3364, 144, 6, 13, 65],
      ['7523606431623351559', 451, 20, 3, 0, 6],
      ['7523173763035221265', 9367, 385, 10, 54, 164],
      ['7522869149001927954', 7589, 65, 4, 1, 12],
      ['7522768627737627912', 34100, 1233, 9, 128, 887],
      ['7522374394451168520', 6255, 229, 18, 28, 135],
      ['7522028360696974599', 1485, 90, 6, 1, 29],
      ['7521753917152136456', 509, 23, 1, 0, 7],
      ['7521640130281491720', 797, 58, 3, 2, 21],
    ]);
    expect(posts[0]).toMatchObject({
      createTime: new Date('2025-07-07T14:58:13Z'),
      mediaType: 'video',
      durationSeconds: 20,
      isPinned: false,
      viewKind: 'displayed',
      precision: 'rounded',
    });
  });

  it('starts a run for posts of a later refresh, and for posts alone', async () => {
    const who = ref('tiktok', 'meenitech');
    await source.fetchProfile(who, options);
    await source.fetchPosts(who, null, { now: new Date('2026-11-06T00:00:00Z') });
    expect(apify.started).toHaveLength(2);
  });

  it('reads a single post of either platform', async () => {
    apify.story = ({ input }) =>
      succeeded(
        'postURLs' in input
          ? fixture('clockworks_tiktok-scraper_profile-videos_2025').slice(5, 6)
          : fixture('instagram-scraper_posts_addParentData_2026').slice(2, 3),
      );
    const post = { shortcode: null, authorUsername: null };
    const reel = await source.fetchPost?.(
      { ...post, platform: 'instagram', externalId: '3830961746681417182' },
      options,
    );
    expect(apify.started.at(-1)?.input).toMatchObject({
      directUrls: ['https://www.instagram.com/p/DUqT2lLDk3e/'],
      resultsLimit: 1,
    });
    expect(reel).toMatchObject({
      value: {
        author: { platformProfileId: '44870418', username: 'frankcosta' },
        post: { counters: { viewCount: 1174, likeCount: 42 } },
      },
    });
    const video = await source.fetchPost?.({ ...post, platform: 'tiktok', externalId: '7522768627737627912' }, options);
    expect(apify.started.at(-1)?.input).toMatchObject({
      postURLs: ['https://www.tiktok.com/@_/video/7522768627737627912'],
    });
    expect(video).toMatchObject({
      value: {
        author: { platformProfileId: '7337708524620203026', username: 'meenitech' },
        post: { counters: { viewCount: 34100, savedCount: 887 } },
      },
    });
  });
});
