import { expect, it } from 'vitest';
import { refreshNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { judgeRefusedReadings } from '../services/refused-readings/judge-refused-readings.ts';

const { db } = await testDatabase();
const { organizationId } = await createOrganization(db);
const clock = testClock('2026-03-02T09:00:00Z');
const ctx = systemContext(db, organizationId, clock);
const sources = { a: scriptedSource('a'), b: scriptedSource('b') };

/** Reads followers and views of a profile's one post from a source, a day after the reading before. */
async function read(profileId: number, by: 'a' | 'b', followers: number, views: number) {
  const { script } = sources[by];
  script.profile = observedProfile({ platformProfileId: `9${profileId}`, followerCount: followers });
  script.posts = [observedPost(`3000000000${profileId}`, { viewCount: views })];
  await refreshNow({ db, clock, sources: [sources[by]] }, profileId);
  clock.add(24);
}

async function verdicts(username: string) {
  const { items } = await judgeRefusedReadings(ctx, { limit: 100, after: null, filters: { username } });
  return items.toReversed().map(({ externalId, reason, verdict }) => {
    return `${externalId === null ? 'profile' : 'post'} ${reason.split('_')[0] ?? ''} ${verdict}`;
  });
}

it('what was refused is judged by what was read next', async () => {
  const { profileId } = await track({ db, clock, sources: [] }, organizationId, 'wrong');
  await read(profileId, 'a', 100_000, 50_000);
  await read(profileId, 'b', 1000, 400);
  expect(await verdicts('wrong')).toEqual(['profile fell open', 'post fell open']);
  await read(profileId, 'a', 100_100, 410);
  // The source that knew better says that the post has fallen indeed, and the profile has not.
  expect(await verdicts('wrong')).toEqual(['profile fell contradicted', 'post fell came_true']);
  await read(profileId, 'a', 0, 0);
  expect(await verdicts('wrong')).toEqual(['profile fell contradicted', 'post fell came_true', 'profile zero open']);
  await read(profileId, 'a', 100_200, 420);
  expect((await verdicts('wrong')).at(-1)).toBe('profile zero contradicted');
});

it('a true fall is seen to be one when it was believed at the third reading', async () => {
  const { profileId } = await track({ db, clock, sources: [] }, organizationId, 'true');
  await read(profileId, 'a', 100_000, 50_000);
  for (const more of [0, 10, 20]) await read(profileId, 'b', 1000 + more, 50_000);
  expect(await verdicts('true')).toEqual(['profile fell came_true', 'profile fell came_true']);
});

it('what was refused for what it is stands', async () => {
  const { profileId } = await track({ db, clock, sources: [] }, organizationId, 'kinds');
  const refusal = { profile_id: profileId, refused_at: clock.now(), source: 'a', reason: 'a post without an id' };
  await db
    .insertInto('refused_readings')
    .values({ ...refusal, excerpt: '{}' })
    .execute();
  expect(await verdicts('kinds')).toEqual(['profile a post without an id stands']);
});
