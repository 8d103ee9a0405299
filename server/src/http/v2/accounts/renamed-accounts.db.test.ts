import { expect, test } from 'vitest';
import { apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { refreshNow, testClock } from '../../../../test/support/collecting.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';
import { peopleSource } from '../../../../test/support/people-source.ts';

const { db } = await testDatabase();
const clock = testClock('2026-03-02T09:00:00Z');
const app = await testApp(db, { clock });

/** An organization that tracks somebody who was renamed since, as Tallyline knows. */
async function renamed(name: string) {
  const person = { id: `id_${name}`, name, followers: 10, views: 100 };
  const people = [person];
  const collecting = { db, clock, sources: [peopleSource(people)] };
  const { organizationId, apiKey } = await createOrganization(db);
  const api = apiOf(app, apiKey);
  const add = (username: string) => api.post('/accounts', { platform: 'instagram', username });
  const refreshAll = async () => {
    clock.add(24);
    const rows = await db
      .selectFrom('accounts')
      .select('profile_id')
      .where('organization_id', '=', organizationId)
      .execute();
    for (const id of new Set(rows.map((row) => row.profile_id))) await refreshNow(collecting, id);
  };
  const { id } = await add(name);
  await refreshAll();
  person.name = `${name}_new`;
  await refreshAll();
  return { api, add, refreshAll, people, person, id };
}

test('a profile that is tracked already under its former handle is a conflict that names it', async () => {
  const { api, add, id } = await renamed('moved');
  const again = await add('moved_new');
  expect(again).toMatchObject({ status: 409, body: { code: 'CONFLICT' } });
  expect(again.body.detail).toBe('The instagram account moved_new is tracked already, under its former handle moved.');
  expect((await add('moved')).body.detail).toBe('The instagram account moved is tracked already.');
  await api.patch(`/accounts/${id}`, { is_active: false });
  expect((await add('moved_new')).status).toBe(409);
  // What the client asked for stays.
  expect((await api.get(`/accounts/${id}`)).data).toMatchObject({ username: 'moved', view_count: 100 });
});

test('comes before the quota', async () => {
  const { add } = await renamed('capped');
  await db.updateTable('organizations').set({ account_quota: 1 }).execute();
  expect((await add('capped_new')).status).toBe(409);
  expect((await add('capped_other')).status).toBe(403);
  await db.updateTable('organizations').set({ account_quota: null }).execute();
});

test.each(['former', 'present'])(
  'a deleted account comes back when it is added again by its %s handle',
  async (which) => {
    const { api, add, refreshAll, person, id } = await renamed(`back_by_${which}`);
    const username = which === 'former' ? `back_by_${which}` : person.name;
    await api.delete(`/accounts/${id}`);
    clock.add(24);
    expect(await add(username)).toMatchObject({ status: 201, id, data: { username, view_count: 100 } });
    person.views = 130;
    await refreshAll();
    expect((await api.get(`/accounts/${id}`)).data.view_count).toBe(130);
  },
);

test('a deleted account does not come back for whoever has its former handle now', async () => {
  const { api, add, people, id } = await renamed('heir');
  const heir = { id: 'id_of_the_heir', name: 'heir', followers: 7, views: 5 };
  people.push(heir);
  await api.delete(`/accounts/${id}`);
  const other = await createOrganization(db);
  await apiOf(app, other.apiKey).post('/accounts', { platform: 'instagram', username: 'heir' });
  const added = await add('heir');
  expect(added.status).toBe(201);
  expect(added.id).not.toBe(id);
  expect(added.data).toMatchObject({ view_count: 0, last_scrape_time: null });
});
