import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import { startVendorServer, type VendorServer } from '../../../test/support/vendor-server.ts';
import { type Fields, fieldsAt } from '../fields.ts';
import { parseJson } from '../json.ts';
import { noCounters } from '../payloads/normalised.ts';
import type { Source } from '../source.ts';
import { createInstagramGraph } from './connector.ts';
import { instagramGraphManifest } from './manifest.ts';
import { graphMedia } from './normalise.ts';

const options = { now: new Date('2026-11-01T00:00:00Z') };
const ref = { platform: 'instagram', username: 'bhuvan.bam22', platformProfileId: null } as const;
const path = 'instagram_graph/business_discovery_bhuvan.bam22_2022.json';

/** Graph id, comments, likes: what the recorded page says. */
const expected = [
  ['17935846202119954', 2323, 605918],
  ['17994977842482615', 38454, 2126318],
  ['17955894424751445', 135128, 2488945],
  ['17944190794959109', 1528, 580536],
  ['17845493486791605', 1408, 550631],
  ['17886497948615489', 3537, 854470],
  ['17939205404155153', 675, 294617],
  ['18235023595184636', 2898, 715299],
  ['18019965499389974', 2944, 654661],
  ['17848933631780965', 663, 166257],
  ['17931178457133205', 2192, 641154],
  ['17929664948133404', 9860, 1153653],
  ['17985947923497906', 1419, 630489],
  ['17891741684568070', 12206, 2162170],
  ['18227300041184036', 505, 341083],
  ['17903487335503533', 4187, 997629],
  ['17954118598835956', 3519, 946762],
  ['17933857136310304', 2263, 810116],
  ['17988697021481502', 5497, 1197434],
  ['17906948615470574', 6142, 1066122],
  ['17855273216717725', 3596, 806153],
  ['18163055602234471', 4885, 1083707],
  ['17916653216410165', 1391, 867023],
  ['18290406394029408', 5774, 900211],
  ['17937134831015350', 8166, 894334],
] as const;

describe.skipIf(areFixturesMissing)(`Business Discovery replayed${skippedNote}`, () => {
  let vendor: VendorServer;
  let source: Source;

  beforeAll(async () => {
    vendor = await startVendorServer(() => ({ body: fixtureText(path) }));
    source = createInstagramGraph({
      manifest: instagramGraphManifest,
      baseUrl: vendor.url,
      version: 'v26.0',
      userId: '17841453909361782',
      token: 'a-secret-token',
    });
  });

  afterAll(async () => {
    await source.close();
    await vendor.close();
  });

  it('reads the profile and leaves unknown what the reply does not say', async () => {
    const result = await source.fetchProfile(ref, options);
    expect(result).toMatchObject({
      ok: true,
      value: {
        platformProfileId: null,
        username: 'bhuvan.bam22',
        followerCount: 14759582,
        followingCount: null,
        postCount: 1455,
        isVerified: null,
        precision: 'exact',
      },
    });
    expect(vendor.requests.at(-1)).toMatchObject({
      path: '/v26.0/17841453909361782',
      headers: { authorization: 'Bearer a-secret-token' },
    });
    expect(JSON.stringify(vendor.requests.at(-1)?.query)).not.toContain('a-secret-token');
  });

  it('reads every counter of the page', () => {
    const media = fieldsAt(parseJson(fixtureText(path)), 'business_discovery', 'media')?.data as Fields[];
    const read = media.map(graphMedia);
    expect(read.map(({ graphId, facts }) => [graphId, facts.counters])).toEqual(
      expected.map(([id, commentCount, likeCount]) => [id, { ...noCounters, commentCount, likeCount }]),
    );
    expect(read.every(({ pk, facts }) => pk === null && facts.viewKind === null)).toBe(true);
  });

  it('keeps posts aside that carry no permalink, since their Graph id would make them other posts', async () => {
    const result = await source.fetchPosts(ref, null, options);
    expect(result).toMatchObject({ ok: true, value: { posts: [], nextCursor: expect.stringMatching(/^QVFIUmJt/) } });
    const refused = result.ok ? result.value.refused : [];
    expect(refused.map(({ externalId, excerpt }) => [externalId, excerpt])).toEqual(
      expected.map(([id, comments_count, like_count]) => [`graph:${id}`, { id, comments_count, like_count }]),
    );
  });

  it('asks for the next page inside the expansion', async () => {
    const first = await source.fetchPosts(ref, null, options);
    const cursor = first.ok ? first.value.nextCursor : null;
    await source.fetchPosts(ref, cursor, options);
    expect(vendor.requests.at(-1)?.query.fields).toContain(
      `username(bhuvan.bam22){username,media_count,media.limit(50).after(${cursor}){`,
    );
  });
});
