import { type RawBuilder, sql } from 'kysely';
import { expect, it } from 'vitest';
import { refreshNow, refreshPostNow, testClock, track, trackVideo } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../test/support/scripted-source.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

const { db } = await testDatabase();
const source = scriptedSource();
const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };
const externalId = '5000000000000000001';
const { organizationId } = await createOrganization(db);
const { profileId } = await track(w, organizationId, 'someone');
await trackVideo(w, organizationId, externalId);
for (const viewCount of [100, 130]) {
  const createTime = new Date('2026-02-20T00:00:00Z');
  source.script.posts = [observedPost(externalId, { viewCount, likeCount: 3 }, { createTime })];
  await refreshNow(w, profileId);
  w.clock.add(5);
  await refreshPostNow(w, externalId);
  w.clock.add(19);
}

const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

it.each<[string, string, RawBuilder<unknown>]>([
  ['what a post did not give', 'posts', sql`update posts set unread = unread # 2`],
  ['what a profile did not give', 'profiles', sql`update profiles set unread = 1`],
  [
    'a refresh that is still to come',
    'accounts',
    sql`update accounts set last_scrape_time = now() + interval '3 days'`,
  ],
  [
    'a refresh after the last reading',
    'accounts',
    sql`update accounts set last_scrape_time = last_scrape_time + interval '1 second'`,
  ],
  [
    'a refresh before the first reading',
    'accounts',
    sql`update accounts set first_scrape_time = first_scrape_time - interval '1 second'`,
  ],
  ['a first refresh that was forgotten', 'accounts', sql`update accounts set first_scrape_time = null`],
  ['a posting time of an account', 'account_videos', sql`update account_videos set create_time = null`],
  ['a kind of an account', 'account_videos', sql`update account_videos set media_type = 'image'`],
  ['a posting time of a video', 'videos', sql`update videos set create_time = create_time - interval '1 day'`],
])('the doctor finds %s, and rebuild mends it', async (_, table, corruption) => {
  const rows = async () => (await sql`select * from ${sql.table(table)}`.execute(db)).rows;
  expect(await problems()).toEqual([]);
  const before = await rows();
  await corruption.execute(db);
  expect(await rows()).not.toEqual(before);
  expect(await problems()).not.toEqual([]);
  await rebuildRollups({ db, logger: silentLogger });
  expect(await rows()).toEqual(before);
  expect(await problems()).toEqual([]);
});

it('the doctor finds a profile and a post whose open run is none of their readings', async () => {
  for (const table of ['profiles', 'posts']) {
    const move = (by: string) => sql`update ${sql.table(table)} set read_at = read_at + ${by}::interval`.execute(db);
    await move('1 second');
    expect(await problems()).not.toEqual([]);
    await move('-1 second');
    expect(await problems()).toEqual([]);
  }
});
