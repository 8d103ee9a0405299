import { sql } from 'kysely';
import { expect, test } from 'vitest';
import { type Api, apiOf } from '../../../../test/support/api.ts';
import { testApp } from '../../../../test/support/app.ts';
import { TestClock } from '../../../../test/support/clock.ts';
import { testDatabase } from '../../../../test/support/database.ts';
import { createOrganization } from '../../../../test/support/organization.ts';

const { db } = await testDatabase();
const clock = new TestClock();
const app = await testApp(db, { clock });

/** The same "random" numbers in every run. */
function numbers(seed: number) {
  let state = seed;
  return (below: number) => {
    state = (state * 48_271) % 2_147_483_647;
    return state % below;
  };
}

const usernames = ['one', 'two', 'three', 'four', 'five', 'six'];

async function randomChange(api: Api, creators: string[], random: (below: number) => number) {
  const creator = creators[random(creators.length)] ?? '';
  const username = usernames[random(usernames.length)] ?? '';
  const [account] = (await api.get(`/accounts?q=${username}`)).items;
  if (account === undefined) return api.post('/accounts', { platform: 'tiktok', username, creator_id: creator });
  const id = String(account.id);
  const changes = [
    () => api.patch(`/creators/${creator}`, { is_active: random(2) === 0 }),
    () => api.patch(`/accounts/${id}`, { is_active: random(2) === 0, scrape_interval_hours: 6 + random(10) }),
    () => api.put(`/creators/${creator}/accounts/${id}`),
    () => api.delete(`/creators/${creator}/accounts/${id}`),
    () => api.delete(`/accounts/${id}`),
    () => api.post('/accounts', { platform: 'tiktok', username }),
  ];
  return (changes[random(changes.length)] ?? changes[0])?.();
}

test('changes at once never block each other for good, and leave accounts, pauses and schedule in line', async () => {
  const organizations = [await createOrganization(db), await createOrganization(db)];
  const apis = organizations.map(({ apiKey }) => apiOf(app, apiKey));
  const groups = await Promise.all(
    apis.map((api) => Promise.all([1, 2, 3].map(async (i) => (await api.post('/creators', { name: `C${i}` })).id))),
  );
  const random = numbers(42);
  for (let round = 0; round < 12; round++) {
    const changes = apis.flatMap((api, i) =>
      Array.from({ length: 12 }, () => randomChange(api, groups[i] ?? [], random)),
    );
    const statuses = (await Promise.all(changes)).map((answer) => answer?.status ?? 0);
    expect(statuses.filter((status) => status >= 500)).toEqual([]);
    clock.advance(3600);
  }

  const wrong = await sql`
    select a.account_id from accounts a
    left join account_pauses p on p.organization_id = a.organization_id and p.account_id = a.account_id and p.ended_at is null
    group by a.organization_id, a.account_id
    having count(p.*) <> (case when a.is_active and a.deleted_at is null then 0 else 1 end)
      or (a.deleted_at is not null and max(p.reason) <> 'deleted')
      or (a.paused_by_creator and (a.is_active or a.creator_id is null))`.execute(db);
  expect(wrong.rows).toEqual([]);
  const unscheduled = await sql`
    select p.username, p.interval_hours, p.due_at, w.interval_hours as wanted from profiles p
    left join (select profile_id, min(scrape_interval_hours) as interval_hours from accounts
      where is_active and deleted_at is null group by profile_id) w using (profile_id)
    where p.interval_hours is distinct from w.interval_hours or (p.due_at is null) <> (w.interval_hours is null)`.execute(
    db,
  );
  expect(unscheduled.rows).toEqual([]);
  const profiles = await sql`select from profiles`.execute(db);
  expect(profiles.rows).toHaveLength(usernames.length);
});
