import { describe, expect, it } from 'vitest';
import { refreshNow, refreshPostNow, testClock, track, trackVideo } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../test/support/scripted-source.ts';
import { runDoctor } from './doctor.ts';

const { db } = await testDatabase();
const { organizationId } = await createOrganization(db);

const gone = { code: 'not_found', message: 'nobody' } as const;
const away = { code: 'transient', message: 'away' } as const;
const person = (username: string, platformProfileId: string, followerCount: number) =>
  observedProfile({ username, platformProfileId, followerCount });

let worlds = 0;

/** Two sources that know nobody by the same id, as Graph and the others do. */
function world(username: string) {
  worlds += 1;
  const id = {
    graph: `178410000000000${worlds}`,
    other: `110000000000000${worlds}`,
    stranger: `220000000000000${worlds}`,
  };
  const graph = { ...scriptedSource('graph'), idSpace: 'graph' };
  const other = scriptedSource('other');
  graph.script.profile = person(username, id.graph, 150_000);
  graph.script.posts = [observedPost(`${id.other}01`, { viewCount: 9000 })];
  other.script.profile = gone;
  const clock = testClock('2026-03-02T09:00:00Z');
  return { db, clock, sources: [graph, other], graph: graph.script, other: other.script, id };
}

const followersRead = async (profileId: number) =>
  (
    await db
      .selectFrom('profile_readings')
      .select('follower_count')
      .where('profile_id', '=', profileId)
      .orderBy('read_at')
      .execute()
  ).map((row) => row.follower_count);

const idsOf = async (profileId: number) =>
  (
    await db
      .selectFrom('profile_identities')
      .select(['id_space', 'platform_profile_id'])
      .where('profile_id', '=', profileId)
      .orderBy('id_space')
      .execute()
  ).map((row) => [row.id_space, row.platform_profile_id]);

const namesOf = async (profileId: number) =>
  db.selectFrom('profile_handles').select('username').where('profile_id', '=', profileId).execute();

const problems = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

describe('an id of a space in which a profile has none yet', () => {
  it.each([
    ['not found', gone],
    ['away', away],
  ])(
    'is not learnt from a stranger who has the handle while the source that knows the profile is %s',
    async (_, absent) => {
      const name = `renamed_${absent.code}`;
      const w = world(name);
      const { profileId } = await track(w, organizationId, name);
      await refreshNow(w, profileId);
      w.clock.add(24);
      w.graph.profile = absent;
      w.other.profile = person(name, w.id.stranger, 200);
      w.other.posts = [observedPost(`${w.id.stranger}01`, { viewCount: 50 })];
      expect(await refreshNow(w, profileId)).toMatchObject({ status: 'failed', failure: { code: 'transient' } });
      w.clock.add(24);
      w.graph.profile = person(name, w.id.graph, 150_100);
      await refreshNow(w, profileId);
      expect(await followersRead(profileId)).toEqual([150_000, 150_100]);
      expect(await idsOf(profileId)).toEqual([['graph', w.id.graph]]);
      expect(
        await db.selectFrom('posts').select('external_id').where('external_id', '=', `${w.id.stranger}01`).execute(),
      ).toEqual([]);
      const kept = db.selectFrom('refused_readings').select(['reason', 'source', 'excerpt']);
      expect(await kept.where('profile_id', '=', profileId).execute()).toEqual([
        {
          reason: 'unproven_identity',
          source: 'other',
          excerpt: {
            username: name,
            ids: { platform: w.id.stranger },
            known_ids: { graph: w.id.graph },
            follower_count: 200,
            posts: 1,
          },
        },
      ]);
      expect(await problems()).toEqual([]);
    },
  );

  it('is learnt when a known post comes with it, and proves the next answers by itself', async () => {
    const w = world('failing_over');
    const { profileId } = await track(w, organizationId, 'failing_over');
    await refreshNow(w, profileId);
    w.graph.profile = away;
    w.other.profile = person('failing_over', w.id.other, 150_010);
    w.other.posts = [observedPost(`${w.id.other}02`, { viewCount: 10 }), ...w.graph.posts];
    for (const posts of [w.other.posts, []]) {
      w.clock.add(24);
      w.other.posts = posts;
      expect(await refreshNow(w, profileId)).toMatchObject({ status: 'recorded' });
    }
    expect(await idsOf(profileId)).toEqual([
      ['graph', w.id.graph],
      ['platform', w.id.other],
    ]);
    expect(await problems()).toEqual([]);
  });

  it('is learnt when a source that knows the profile by its id finds it under the same name, and asks that one no more', async () => {
    const w = world('without_posts');
    w.graph.posts = [];
    const [, other] = w.sources;
    w.other.profile = person('without_posts', w.id.other, 70);
    const { profileId } = await track(w, organizationId, 'without_posts');
    await refreshNow({ ...w, sources: other ? [other] : [] }, profileId);
    const asked: number[] = [];
    for (const followers of [71, 72]) {
      w.clock.add(24);
      w.graph.profile = person('without_posts', w.id.graph, followers);
      expect(await refreshNow(w, profileId)).toMatchObject({ status: 'recorded' });
      asked.push(w.other.asked);
    }
    expect(await idsOf(profileId)).toEqual([
      ['graph', w.id.graph],
      ['platform', w.id.other],
    ]);
    expect(asked).toEqual([2, 2]);
    expect(await problems()).toEqual([]);
  });

  it('is not learnt when the profile is found by its id under another name', async () => {
    const w = world('recycled');
    const [, other] = w.sources;
    w.other.profile = person('recycled', w.id.other, 70);
    const { profileId } = await track(w, organizationId, 'recycled');
    await refreshNow({ ...w, sources: other ? [other] : [] }, profileId);
    w.clock.add(24);
    w.other.profile = person('recycled_new', w.id.other, 71);
    expect(await refreshNow(w, profileId)).toMatchObject({ status: 'recorded' });
    expect(await followersRead(profileId)).toEqual([70, 71]);
    expect(await idsOf(profileId)).toEqual([['platform', w.id.other]]);
    expect(await namesOf(profileId)).toEqual([{ username: 'recycled_new' }]);
  });

  it('waits for the source that knows the profile, when there is no post to prove it', async () => {
    const w = world('no_post_at_all');
    w.graph.posts = [];
    const { profileId } = await track(w, organizationId, 'no_post_at_all');
    await refreshNow(w, profileId);
    w.graph.profile = away;
    w.other.profile = person('no_post_at_all', w.id.other, 150_001);
    for (let day = 0; day < 4; day += 1) {
      w.clock.add(24);
      expect(await refreshNow(w, profileId)).toMatchObject({ status: 'failed', failure: { code: 'transient' } });
    }
    w.graph.profile = person('no_post_at_all', w.id.graph, 150_002);
    await refreshNow(w, profileId);
    expect(await followersRead(profileId)).toEqual([150_000, 150_002]);
  });
});

describe('a source that shows somebody else under the handle', () => {
  it('leads to the next one, which may find the profile by its id', async () => {
    const w = world('both_know');
    const { profileId } = await track(w, organizationId, 'both_know');
    w.other.profile = person('both_know', w.id.other, 150_000);
    w.other.posts = w.graph.posts;
    await refreshNow(w, profileId);
    w.graph.profile = away;
    await refreshNow(w, profileId);
    w.clock.add(24);
    w.graph.profile = person('both_know', w.id.stranger, 200);
    w.other.profile = person('both_know_new', w.id.other, 150_300);
    expect(await refreshNow(w, profileId)).toMatchObject({ status: 'recorded' });
    expect((await followersRead(profileId)).at(-1)).toBe(150_300);
    expect(await namesOf(profileId)).toEqual([{ username: 'both_know_new' }]);
  });

  it('does not make the profile unavailable while one that may find it is away', async () => {
    const w = world('one_is_away');
    const { profileId } = await track(w, organizationId, 'one_is_away');
    await refreshNow(w, profileId);
    w.graph.profile = person('one_is_away', w.id.stranger, 200);
    w.other.profile = away;
    for (let day = 0; day < 4; day += 1) {
      w.clock.add(24);
      expect(await refreshNow(w, profileId)).toMatchObject({ status: 'failed', failure: { code: 'transient' } });
    }
    const { is_unavailable } = await db
      .selectFrom('profiles')
      .select('is_unavailable')
      .where('profile_id', '=', profileId)
      .executeTakeFirstOrThrow();
    expect(is_unavailable).toBe(false);
    expect(await namesOf(profileId)).toEqual([]);
  });
});

describe('the author of a post that is tracked on its own', () => {
  it('is not whoever is known by the handle alone: a stranger’s post there would prove the stranger’s feed', async () => {
    const w = world('author_unproven');
    const { profileId } = await track(w, organizationId, 'author_unproven');
    await refreshNow(w, profileId);
    w.other.profile = person('author_unproven', w.id.stranger, 200);
    w.other.posts = [observedPost(`${w.id.stranger}01`, { viewCount: 50 })];
    w.graph.single = { code: 'permission_missing', message: 'fetches no single posts' };
    await trackVideo(w, organizationId, `${w.id.stranger}01`);
    expect(await refreshPostNow(w, `${w.id.stranger}01`)).toMatchObject({ status: 'recorded' });
    w.clock.add(24);
    w.graph.profile = gone;
    expect(await refreshNow(w, profileId)).toMatchObject({ status: 'failed', failure: { code: 'transient' } });
    expect(await followersRead(profileId)).toEqual([150_000]);
    expect(await idsOf(profileId)).toEqual([['graph', w.id.graph]]);
    expect(await namesOf(profileId)).toEqual([{ username: 'author_unproven' }]);
  });
});
