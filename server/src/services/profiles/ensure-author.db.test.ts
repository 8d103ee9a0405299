import { describe, expect, it } from 'vitest';
import { refreshNow, refreshPostNow, testClock, track, trackVideo } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { type Person, peopleSource } from '../../../test/support/people-source.ts';
import { runDoctor } from '../../collector/doctor.ts';

const { db } = await testDatabase();
const { organizationId } = await createOrganization(db);
const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

function world(...people: Person[]) {
  return { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [peopleSource(people)] };
}

const someone = (id: string, name: string): Person => ({ id, name, followers: 10, views: 100 });
const postIdOf = (person: Person) => `${person.id}00`;
const profileOfPost = async (person: Person) =>
  db.selectFrom('posts').select('profile_id').where('external_id', '=', postIdOf(person)).execute();

describe('the author of a post that is tracked on its own', () => {
  it('is the profile of that id, though it is tracked under another handle', async () => {
    const person = someone('30000000000005001', 'author_a');
    const w = world(person);
    const { profileId } = await track(w, organizationId, person.name);
    await refreshNow(w, profileId);
    person.name = 'author_a_new';
    await trackVideo(w, organizationId, postIdOf(person));
    expect(await refreshPostNow(w, postIdOf(person))).toMatchObject({ status: 'recorded' });
    expect(await profileOfPost(person)).toEqual([{ profile_id: profileId }]);
    expect(await problems()).toEqual([]);
  });

  it('is made with its id, so that whoever tracks it under another handle later finds it', async () => {
    const person = someone('30000000000005002', 'author_b');
    const w = world(person);
    await trackVideo(w, organizationId, postIdOf(person));
    await refreshPostNow(w, postIdOf(person));
    const [made] = await profileOfPost(person);
    const late = await track(w, organizationId, 'author_b_old');
    person.name = 'author_b_old';
    expect(await refreshNow(w, late.profileId)).toEqual({ status: 'merged', into: made?.profile_id });
    await refreshNow(w, made?.profile_id ?? 0);
    expect(await profileOfPost(person)).toHaveLength(1);
    expect(await problems()).toEqual([]);
  });

  it('is not whoever had the handle before', async () => {
    const [before, now] = [someone('30000000000005003', 'author_c'), someone('30000000000005004', 'elsewhere')];
    const w = world(before, now);
    const first = await track(w, organizationId, before.name);
    await refreshNow(w, first.profileId);
    [before.name, now.name] = ['author_c_new', 'author_c'];
    await trackVideo(w, organizationId, postIdOf(now));
    await refreshPostNow(w, postIdOf(now));
    const [made] = await profileOfPost(now);
    expect(made?.profile_id).not.toBe(first.profileId);
    await refreshNow(w, first.profileId);
    const names = await db.selectFrom('profile_handles').select(['username', 'profile_id']).execute();
    expect(names).toEqual(
      expect.arrayContaining([
        { username: 'author_c', profile_id: made?.profile_id },
        { username: 'author_c_new', profile_id: first.profileId },
      ]),
    );
    expect(await problems()).toEqual([]);
  });
});
