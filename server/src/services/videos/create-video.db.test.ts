import { sql } from 'kysely';
import { expect, it } from 'vitest';
import { refreshNow, refreshPostNow, testClock, track, trackVideo } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../../test/support/scripted-source.ts';
import { untilWaiting } from '../../../test/support/waiting.ts';
import { runDoctor } from '../../collector/doctor.ts';

const { db } = await testDatabase();

it('follows the profile at which a post is found while it begins to be tracked', async () => {
  const source = scriptedSource();
  const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };
  const externalId = '4000000000000000001';
  const shownBy = (username: string, viewCount: number) => {
    source.script.profile = observedProfile({ username });
    source.script.posts = [observedPost(externalId, { viewCount }, { createTime: new Date('2026-02-20T00:00:00Z') })];
  };
  const [one, other] = [await createOrganization(db), await createOrganization(db)];
  const [author, partner] = [
    await track(w, other.organizationId, 'author'),
    await track(w, one.organizationId, 'partner'),
  ];
  shownBy('partner', 100);
  await refreshNow(w, partner.profileId);
  await trackVideo(w, other.organizationId, externalId);

  const created: Promise<string>[] = [];
  await db.transaction().execute(async (trx) => {
    await sql`select from profiles where profile_id = ${partner.profileId} for update`.execute(trx);
    created.push(trackVideo(w, one.organizationId, externalId));
    await untilWaiting(db);
    shownBy('author', 100);
    await refreshNow(w, author.profileId);
  });
  const [videoId = ''] = await Promise.all(created);

  w.clock.add(24);
  shownBy('author', 170);
  expect(await refreshPostNow(w, externalId)).toMatchObject({ status: 'recorded' });
  const video = await db
    .selectFrom('videos')
    .select(['profile_id', 'view_count'])
    .where('video_id', '=', videoId)
    .executeTakeFirstOrThrow();
  expect(video).toEqual({ profile_id: author.profileId, view_count: 170 });
  expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
});
