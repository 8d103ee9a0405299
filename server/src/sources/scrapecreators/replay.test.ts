import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import { startVendorServer, type VendorServer } from '../../../test/support/vendor-server.ts';
import { fieldsAt, list } from '../fields.ts';
import { parseJson } from '../json.ts';
import { instagramWebMedia } from '../payloads/instagram-web.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { Platform, ProfileRef, Source } from '../source.ts';
import { createScrapecreators } from './connector.ts';
import { scrapecreatorsManifest } from './manifest.ts';

const options = { now: new Date('2026-11-01T00:00:00Z') };
const ref = (platform: Platform, username: string, platformProfileId: string | null = null): ProfileRef => ({
  platform,
  username,
  platformProfileId,
});

const fixtureOfPath: Record<string, string> = {
  '/v1/instagram/profile': 'instagram_v1_profile',
  '/v1/instagram/basic-profile': 'instagram_v1_basic_profile',
  '/v2/instagram/user/posts': 'instagram_v2_user_posts',
  '/v1/instagram/post': 'instagram_v1_post',
  '/v1/tiktok/profile': 'tiktok_v1_profile',
  '/v3/tiktok/profile/videos': 'tiktok_v3_profile_videos',
  '/v2/tiktok/video': 'tiktok_v2_video',
};

describe.skipIf(areFixturesMissing)(`ScrapeCreators replayed${skippedNote}`, () => {
  let vendor: VendorServer;
  let source: Source;

  beforeAll(async () => {
    vendor = await startVendorServer(({ path }) => ({
      body: fixtureText(`scrapecreators/${fixtureOfPath[path]}.json`),
    }));
    source = createScrapecreators({
      manifest: scrapecreatorsManifest,
      baseUrl: vendor.url,
      key: 'a-secret-key',
      isSandbox: false,
    });
  });

  afterAll(async () => {
    await source.close();
    await vendor.close();
  });

  it('reads an Instagram profile of the web shape', async () => {
    const result = await source.fetchProfile(ref('instagram', 'adrianhorning'), options);
    expect(result).toMatchObject({
      ok: true,
      value: {
        platformProfileId: '2700692569',
        username: 'adrianhorning',
        name: 'Adrian Horning',
        description: 'Scraping the web',
        linkInBio: 'https://scrapecreators.com/',
        isVerified: true,
        isPrivate: false,
        followerCount: 25116,
        followingCount: 101,
        postCount: 71,
        precision: 'exact',
      },
    });
    expect(vendor.requests.at(-1)?.headers['x-api-key']).toBe('a-secret-key');
  });

  it('reads an Instagram profile of the private-API shape, asked for by id', async () => {
    const result = await source.fetchProfile(ref('instagram', 'an.old.name', '314216'), options);
    expect(vendor.requests.at(-1)).toMatchObject({ path: '/v1/instagram/basic-profile', query: { userId: '314216' } });
    expect(result).toMatchObject({
      ok: true,
      value: {
        platformProfileId: '314216',
        username: 'zuck',
        name: 'Mark Zuckerberg',
        linkInBio: null,
        isVerified: true,
        followerCount: 16101999,
        followingCount: 617,
        postCount: 409,
      },
    });
  });

  it('reads a reel of the feed: displayed plays, not the legacy number', async () => {
    const result = await source.fetchPosts(ref('instagram', 'barstoolsports'), null, options);
    expect(result).toMatchObject({
      ok: true,
      value: {
        refused: [],
        nextCursor: '3599731065704772932_260462810',
        posts: [
          {
            externalId: '3600545900919030401',
            shortcode: 'DH3tWudxIKB',
            createTime: new Date('2025-03-31T16:29:30Z'),
            mediaType: 'video',
            durationSeconds: 76.717,
            isPinned: false,
            viewKind: 'displayed',
            precision: 'exact',
            counters: {
              ...noCounters,
              viewCount: 35499,
              playCount: 35499,
              igPlayCount: 35499,
              likeCount: 387,
              commentCount: 12,
            },
          },
        ],
      },
    });
  });

  it('passes the cursor on', async () => {
    await source.fetchPosts(ref('instagram', 'barstoolsports'), '3599731065704772932_260462810', options);
    expect(vendor.requests.at(-1)?.query).toEqual({
      handle: 'barstoolsports',
      next_max_id: '3599731065704772932_260462810',
    });
  });

  it('reads a single Instagram post: plays 4651, not the legacy 1639', async () => {
    const post = {
      platform: 'instagram',
      externalId: '3565077699422862188',
      shortcode: null,
      authorUsername: null,
    } as const;
    const result = await source.fetchPost?.(post, options);
    expect(vendor.requests.at(-1)?.query).toEqual({ url: 'https://www.instagram.com/p/DF5s0duxDts/' });
    expect(result).toMatchObject({
      ok: true,
      value: {
        author: { platformProfileId: '2700692569', username: 'adrianhorning' },
        post: {
          externalId: '3565077699422862188',
          shortcode: 'DF5s0duxDts',
          caption: 'I built my own gumroad in 24 hours with AI',
          createTime: new Date('2025-02-10T18:00:35Z'),
          mediaType: 'video',
          durationSeconds: 71.1,
          viewKind: 'displayed',
          counters: { ...noCounters, viewCount: 4651, playCount: 4651, likeCount: 153, commentCount: 17 },
        },
      },
    });
  });

  it('reads a page of reels, whose captions are left out by design', async () => {
    const page = parseJson(fixtureText('scrapecreators/instagram_v1_user_reels.json'));
    vendor.answer = () => ({ body: page as object });
    const result = await source.fetchPosts(ref('instagram', 'adrianhorning'), null, options);
    vendor.answer = ({ path }) => ({ body: fixtureText(`scrapecreators/${fixtureOfPath[path]}.json`) });
    expect(result).toMatchObject({
      ok: true,
      value: {
        posts: [
          {
            externalId: '3540614075954356349',
            shortcode: 'DEiyb48AeB9',
            caption: null,
            durationSeconds: 76.783,
            viewKind: 'displayed',
            counters: {
              ...noCounters,
              viewCount: 3865,
              playCount: 3865,
              igPlayCount: 3865,
              likeCount: 126,
              commentCount: 12,
            },
          },
        ],
      },
    });
  });

  it('marks the number of a timeline node as legacy, since it has no other', () => {
    const reply = parseJson(fixtureText('scrapecreators/instagram_v1_profile.json'));
    const timeline = fieldsAt(reply, 'data', 'user', 'edge_owner_to_timeline_media');
    expect(instagramWebMedia(fieldsAt(list(timeline?.edges)?.[0], 'node'))).toMatchObject({
      post: {
        externalId: '3540614075954356349',
        shortcode: 'DEiyb48AeB9',
        createTime: new Date('2025-01-07T23:56:41Z'),
        caption: null,
        mediaType: 'video',
        viewKind: 'legacy',
        counters: { ...noCounters, viewCount: 1318, likeCount: 126, commentCount: 12 },
      },
    });
  });

  it('reads a TikTok profile and says that its counts are rounded', async () => {
    const result = await source.fetchProfile(ref('tiktok', 'stoolpresidente'), options);
    expect(result).toMatchObject({
      ok: true,
      value: {
        platformProfileId: '6659752019493208069',
        username: 'stoolpresidente',
        name: 'Dave Portnoy',
        linkInBio: 'https://www.barstoolsports.com/bios/Surviving-Barstool',
        isVerified: true,
        isPrivate: false,
        followerCount: 4100000,
        followingCount: 74,
        postCount: 2017,
        precision: 'rounded',
      },
    });
  });

  it('reads a page of TikTok posts, whose counts are exact and whose duration is in milliseconds', async () => {
    const result = await source.fetchPosts(ref('tiktok', 'stoolpresidente', '6659752019493208069'), null, options);
    expect(vendor.requests.at(-1)?.query).toEqual({
      handle: 'stoolpresidente',
      user_id: '6659752019493208069',
      sort_by: 'latest',
    });
    expect(result).toMatchObject({
      ok: true,
      value: {
        refused: [],
        nextCursor: '1738435195000',
        posts: [
          {
            externalId: '7470969622276164906',
            shortcode: null,
            createTime: new Date('2025-02-13T18:18:03Z'),
            mediaType: 'video',
            durationSeconds: 89.131,
            isPinned: false,
            viewKind: 'displayed',
            precision: 'exact',
            counters: {
              ...noCounters,
              viewCount: 141567,
              playCount: 141567,
              likeCount: 18651,
              commentCount: 152,
              shareCount: 237,
              savedCount: 274,
            },
          },
        ],
      },
    });
  });

  it('reads a single TikTok post without losing a digit', async () => {
    const post = {
      platform: 'tiktok',
      externalId: '7463250363559218474',
      shortcode: null,
      authorUsername: null,
    } as const;
    const result = await source.fetchPost?.(post, options);
    expect(vendor.requests.at(-1)?.query).toEqual({ url: 'https://www.tiktok.com/@_/video/7463250363559218474' });
    expect(result).toMatchObject({
      ok: true,
      value: {
        author: { platformProfileId: '6659752019493208069', username: 'stoolpresidente' },
        post: {
          externalId: '7463250363559218474',
          createTime: new Date('2025-01-23T23:03:16Z'),
          durationSeconds: 89.793,
          counters: {
            ...noCounters,
            viewCount: 355687,
            playCount: 355687,
            likeCount: 44855,
            commentCount: 270,
            shareCount: 3100,
            savedCount: 980,
          },
        },
      },
    });
  });
});
