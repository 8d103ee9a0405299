import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { insertAccount } from '../../../../test/support/books.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { postInFeed, scheduleOf, wasRefreshed } from '../../../../test/support/tracked-post.ts';
import { shortcodeFromPk } from '../../../sources/instagram-ids.ts';

const { db } = await testDatabase();
const clock = new TestClock('2026-03-02T09:00:00.700Z');
const app = await testApp(db, { clock });

async function newOrganization() {
  const organization = await createOrganization(db);
  return { ...organization, api: apiOf(app, organization.apiKey) };
}

let made = 0;
const nextPost = () => String(7_000_000_000_000_000_000n + BigInt((made += 1)));

describe('a post that is known already', () => {
  test('shows its content and author at once; its numbers come with its own first reading', async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    const { accountId } = await postInFeed(db, owner, identifier);
    const account = (await owner.api.get(`/accounts/${accountId}`)).data;
    const { id, data } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    expect(data).toMatchObject({
      description: 'A caption',
      media_type: 'image',
      duration: 15.5,
      create_time: '2026-03-01T12:00:00Z',
      cover_image_url: 'https://cdn.example/cover.jpg',
      cover_image_url_original: 'https://cdn.example/cover.jpg',
      video_url: 'https://cdn.example/video.mp4',
      video_url_original: 'https://cdn.example/video.mp4',
      account_id: accountId,
      account_username: account.username,
      platform_account_id: '25025320',
      view_count: null,
      last_scrape_time: null,
      source: null,
    });
    const schedule = await scheduleOf(db, id);
    expect(schedule.post_id).not.toBeNull();
    const { rows } = await sql<{ run_break_at: Date }>`
      select run_break_at from profiles where profile_id = ${schedule.profile_id}`.execute(db);
    expect(rows[0]?.run_break_at).toEqual(clock.now());
    await wasRefreshed(db, id, clock.now());
    await sql`update organization_versions set version = version + 1`.execute(db);
    expect((await owner.api.get(`/videos/${id}`)).data).toMatchObject({
      view_count: 100,
      play_count: 90,
      like_count: 10,
      comment_count: 3,
      share_count: 2,
      saved_count: 5,
      total_views: 107,
      total_plays: 97,
      platform_data: { fb_play_count: 7, ig_play_count: 83, fb_like_count: 1 },
      source: 'sandbox',
    });
  });

  test("is found by its author's handle or by another organization's video; another's account is never shown", async () => {
    const [first, second] = [await newOrganization(), await newOrganization()];
    const identifier = nextPost();
    const { accountId } = await postInFeed(db, first, identifier);
    const { username } = (await first.api.get(`/accounts/${accountId}`)).data;
    await sql`
      insert into profile_handles select platform, username, profile_id from accounts
      where account_id = ${accountId}`.execute(db);
    const url = `https://www.instagram.com/user_name/p/${shortcodeFromPk(identifier)}/`;
    const byHandle = await second.api.post('/videos', {
      platform: 'instagram',
      identifier: url.replace('user_name', String(username)),
    });
    expect(byHandle.data).toMatchObject({
      description: 'A caption',
      account_id: null,
      account_username: username,
      platform_account_id: '25025320',
    });
    const third = await newOrganization();
    const byId = await third.api.post('/videos', { platform: 'instagram', identifier });
    expect(byId.data).toMatchObject({ description: 'A caption', account_id: null, account_username: username });
  });

  test('an address with a wrong author finds nothing of theirs', async () => {
    const owner = await newOrganization();
    const { accountId } = await postInFeed(db, owner, nextPost());
    const { username } = (await owner.api.get(`/accounts/${accountId}`)).data;
    const identifier = `https://www.instagram.com/${String(username)}/p/${shortcodeFromPk(nextPost())}/`;
    const { data } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    expect(data).toMatchObject({ account_id: null, account_username: username, description: null });
  });

  test("follows the author's account: the earliest added stands for the profile, a deleted one for nothing", async () => {
    const owner = await newOrganization();
    const identifier = nextPost();
    const { accountId } = await postInFeed(db, owner, identifier);
    const { rows } = await sql<{ profile_id: number }>`
      select profile_id from accounts where account_id = ${accountId}`.execute(db);
    const later = await insertAccount(db, owner, {
      profile_id: rows[0]?.profile_id ?? null,
      added_at: new Date('2026-03-01T01:00:00Z'),
    });
    const { id } = await owner.api.post('/videos', { platform: 'instagram', identifier });
    const shown = async () => (await owner.api.get(`/videos/${id}`)).data.account_id;
    const listed = async (account: string) => (await owner.api.get(`/videos?account_id=${account}`)).items.length;
    expect([await shown(), await listed(accountId), await listed(later)]).toEqual([accountId, 1, 0]);
    await owner.api.delete(`/accounts/${accountId}`);
    expect([await shown(), await listed(accountId), await listed(later)]).toEqual([later, 0, 1]);
    await owner.api.delete(`/accounts/${later}`);
    expect([await shown(), await listed(accountId), await listed(later)]).toEqual([null, 0, 0]);
    expect((await owner.api.get(`/videos/${id}`)).data.account_username).not.toBeNull();
  });
});
