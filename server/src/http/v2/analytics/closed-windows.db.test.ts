import { afterAll, expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { refreshNow, testClock, track } from '../../../../test/support/collecting.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { observedPost, observedProfile, scriptedSource } from '../../../../test/support/scripted-source.ts';
import { runDoctor } from '../../../collector/doctor.ts';
import { settleOrganization } from '../../../services/organization-books/settle-organizations.ts';

// What is said of days that are over does not depend on what was learnt since, and is the sum of what was read on them.

const { db } = await testDatabase();
const clock = testClock('2026-03-02T09:00:00Z');
const app = await testApp(db, { clock });
afterAll(() => app.close());

async function world(username: string) {
  clock.set('2026-03-02T09:00:00Z');
  const source = scriptedSource();
  const { organizationId, apiKey } = await createOrganization(db);
  const collecting = { db, clock, sources: [source] };
  const { accountId, profileId } = await track(collecting, organizationId, username);
  const api = apiOf(app, apiKey);
  const refreshAt = async (time: string): Promise<void> => {
    clock.set(time);
    await refreshNow(collecting, profileId);
  };
  return { source, organizationId, accountId, api, refreshAt };
}

test('saves that were first read later do not make those of an earlier window known', async () => {
  const { source, accountId, api, refreshAt } = await world('saved_later');
  const { id: creatorId } = await api.post('/creators', { name: 'Group' });
  await api.put(`/creators/${creatorId}/accounts/${accountId}`);
  const read = async (time: string, counters: object): Promise<void> => {
    source.script.posts = [observedPost('9001', counters, { createTime: new Date('2026-02-01T00:00:00Z') })];
    await refreshAt(time);
  };
  await read('2026-03-02T10:00:00Z', { viewCount: 10 });
  await read('2026-03-03T10:00:00Z', { viewCount: 20 });
  await read('2026-03-10T10:00:00Z', { viewCount: 30, savedCount: 500 });
  await read('2026-03-12T10:00:00Z', { viewCount: 40, savedCount: 507 });
  const { items } = await api.get('/account-videos');
  const scopes = ['', `/accounts/${accountId}`, `/creators/${creatorId}`, `/account-videos/${String(items[0]?.id)}`];
  for (const scope of scopes) {
    const savesOf = async (window: string) => {
      const { data } = await api.get(`${scope}/analytics?${window}`);
      return [(data.previous as { saves: number | null }).saves, data.saves];
    };
    expect(await savesOf('start_date=2026-03-02&end_date=2026-03-03')).toEqual([null, null]);
    expect(await savesOf('start_date=2026-03-04&end_date=2026-03-09')).toEqual([null, null]);
    expect(await savesOf('start_date=2026-03-04&end_date=2026-03-10')).toEqual([null, 0]);
    expect(await savesOf('start_date=2026-03-11&end_date=2026-03-11')).toEqual([0, 0]);
    expect(await savesOf('start_date=2026-03-12&end_date=2026-03-12')).toEqual([0, 7]);
  }
});

test('a refresh that finds no posts on a settled day unsettles it', async () => {
  const { source, organizationId, accountId, api, refreshAt } = await world('without_posts');
  source.script.profile = observedProfile({ followerCount: 100 });
  await refreshAt('2026-03-02T10:00:00Z');
  await settleOrganization(db, organizationId, new Date('2026-03-12T10:00:00Z'));
  source.script.profile = observedProfile({ followerCount: 150 });
  await refreshAt('2026-03-04T10:00:00Z');
  clock.set('2026-03-12T10:00:00Z');
  const levelsOf = async (scope: string) => {
    const { items } = await api.get(`${scope}/analytics/timeseries?period=30d`);
    return items.filter((point) => point.followers !== null).map((point) => [point.date, point.followers]);
  };
  expect(await levelsOf(`/accounts/${accountId}`)).toEqual([
    ['2026-03-02', 100],
    ['2026-03-04', 150],
  ]);
  expect(await levelsOf('')).toEqual(await levelsOf(`/accounts/${accountId}`));
  expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
});
