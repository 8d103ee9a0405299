import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { systemContext, testClock, track } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { watchPlans } from '../../../test/support/plans.ts';
import type { Position } from '../lists/page.ts';
import { listRefusedReadings, type RefusedFilters } from './list-refused-readings.ts';
import { purgeRefusedReadings } from './purge-refused-readings.ts';

const { db, pool } = await testDatabase();
const { organizationId } = await createOrganization(db);
const clock = testClock('2026-03-01T00:00:00Z');
const ctx = systemContext(db, organizationId, clock);
const { profileId: ana } = await track({ db, clock, sources: [] }, organizationId, 'ana');
const { profileId: tok } = await track({ db, clock, sources: [] }, organizationId, 'ana', 'tiktok');

interface Refusal {
  profile_id: number;
  refused_at: string;
  external_id: string | null;
  source: string;
  reason: string;
  kept_at: string;
}

async function refuse({ kept_at: keptAt, refused_at: at, ...refusal }: Partial<Refusal>): Promise<string> {
  const { refusal_id: id } = await db
    .insertInto('refused_readings')
    .values({
      profile_id: ana,
      refused_at: new Date(at ?? '2026-03-01T00:00:00Z'),
      external_id: null,
      source: 'a',
      reason: 'odd',
      excerpt: JSON.stringify({ n: 1 }),
      ...refusal,
      ...(keptAt !== undefined && { kept_at: new Date(keptAt) }),
    })
    .returning('refusal_id')
    .executeTakeFirstOrThrow();
  return String(id);
}

const page = (filters: RefusedFilters, limit = 100, after: Position | null = null) =>
  listRefusedReadings(ctx, { limit, after, filters });
const ids = async (filters: RefusedFilters) => (await page(filters)).items.map((item) => item.id);

describe('the list of what was refused', () => {
  it('is the latest first, and says when, whose, from where, why and what', async () => {
    await sql`delete from refused_readings`.execute(db);
    const first = await refuse({ external_id: '31', refused_at: '2026-03-01T08:00:00Z' });
    const old = await refuse({ refused_at: '2026-02-01T08:00:00Z' });
    const gone = await refuse({ profile_id: 999_999, refused_at: '2026-01-01T08:00:00Z' });
    const { items, next } = await page({});
    expect(items.map((item) => item.id)).toEqual([first, old, gone]);
    expect(next).toBeNull();
    expect(items[0]).toEqual({
      id: first,
      profileId: ana,
      refusedAt: new Date('2026-03-01T08:00:00Z'),
      platform: 'instagram',
      username: 'ana',
      externalId: '31',
      source: 'a',
      reason: 'odd',
      excerpt: { n: 1 },
    });
    expect(items[2]).toMatchObject({ platform: null, username: null });
  });

  it('can be narrowed by each of its columns', async () => {
    await sql`delete from refused_readings`.execute(db);
    const plain = await refuse({});
    const tiktok = await refuse({ profile_id: tok });
    const source = await refuse({ source: 'b' });
    const reason = await refuse({ reason: 'a post without an id' });
    const early = await refuse({ refused_at: '2026-02-28T23:59:59.999Z' });
    const all = [reason, source, tiktok, plain, early];
    expect(await ids({})).toEqual(all);
    expect(await ids({ platform: 'tiktok' })).toEqual([tiktok]);
    expect(await ids({ username: '@Ana', platform: 'instagram' })).toEqual(all.filter((id) => id !== tiktok));
    expect(await ids({ username: 'ana' })).toEqual(all);
    expect(await ids({ username: 'https://www.tiktok.com/@ana' })).toEqual([tiktok]);
    expect(await ids({ source: 'b' })).toEqual([source]);
    expect(await ids({ reason: 'a post without an id' })).toEqual([reason]);
    expect(await ids({ since: new Date('2026-03-01T00:00:00Z') })).toEqual(all.filter((id) => id !== early));
    expect(await ids({ source: 'b', platform: 'tiktok' })).toEqual([]);
  });

  it('finds a profile by a handle that it had', async () => {
    await sql`delete from refused_readings`.execute(db);
    const id = await refuse({});
    await sql`insert into profile_handles (platform, username, profile_id) values ('instagram', 'ana_before', ${ana})
      on conflict do nothing`.execute(db);
    expect(await ids({ username: 'ana_before' })).toEqual([id]);
  });

  it('refuses a handle that no profile has: a typo is no clean record', async () => {
    await expect(page({ username: 'anna' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(page({ username: 'no handle!' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });

  it('comes page by page, whole and without repetition, also where times are the same', async () => {
    await sql`delete from refused_readings`.execute(db);
    await sql`insert into refused_readings (profile_id, refused_at, source, reason, excerpt)
      select ${ana}, '2026-03-01'::timestamptz + i / 4 * interval '1 microsecond', 'a', 'odd', '{}' from generate_series(1, 7) i`.execute(
      db,
    );
    const seen: string[] = [];
    let after: Position | null = null;
    do {
      const { items, next } = await page({}, 2, after);
      seen.push(...items.map((item) => item.id));
      after = next;
    } while (after !== null);
    expect(seen).toEqual(await ids({}));
    expect(new Set(seen).size).toBe(7);
  });

  it('is for the operator alone', async () => {
    const tenant = {
      ...ctx,
      actor: { type: 'api_key', id: 'x', name: 'x', scopes: ['read', 'write', 'admin'] },
    } as const;
    await expect(listRefusedReadings(tenant, { limit: 1, after: null, filters: {} })).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
    });
  });

  it('walks the index of time, however much is kept', async () => {
    await sql`delete from refused_readings`.execute(db);
    await sql`insert into refused_readings (profile_id, refused_at, source, reason, excerpt)
      select i % 500, now() - i * interval '1 minute', 'a', 'odd', '{}' from generate_series(1, 20000) i`.execute(db);
    await sql`analyze refused_readings`.execute(db);
    const { db: watched, plansOf } = watchPlans(pool);
    const filters = { since: new Date('2020-01-01T00:00:00Z') };
    const plans = await plansOf(() =>
      listRefusedReadings({ ...ctx, db: watched }, { limit: 50, after: null, filters }),
    );
    const nodes = plans.flat();
    expect(nodes.map((node) => node['Index Name'])).toContain('refused_readings_by_time');
    expect(nodes.filter((node) => node['Node Type'].includes('Sort'))).toEqual([]);
  });
});

describe('forgetting what was refused', () => {
  it('goes by when it was kept, however old the reading is, and keeps falls for as long as later ones are judged by them', async () => {
    await sql`delete from refused_readings`.execute(db);
    const now = new Date('2026-06-01T00:00:00Z');
    const fall = 'fell_by_half_at_another_source';
    const imported = await refuse({ refused_at: '2019-01-01T00:00:00Z', kept_at: '2026-05-30T00:00:00Z' });
    await refuse({ kept_at: '2026-05-20T00:00:00Z' });
    const recentFall = await refuse({ reason: fall, kept_at: '2026-03-04T00:00:00Z' });
    await refuse({ reason: fall, kept_at: '2026-03-02T00:00:00Z' });
    expect(await purgeRefusedReadings(db, now, 10)).toBe(2);
    expect(new Set(await ids({}))).toEqual(new Set([imported, recentFall]));
    expect(await purgeRefusedReadings(db, now, 10)).toBe(0);
  });

  it('is done after 90 days unless it is set otherwise, a batch after the other', async () => {
    await sql`delete from refused_readings`.execute(db);
    await sql`insert into refused_readings (profile_id, refused_at, kept_at, source, reason, excerpt)
      select ${ana}, '2026-03-01', '2026-03-01', 'a', 'odd', '{}' from generate_series(1, 5001)`.execute(db);
    expect(await purgeRefusedReadings(db, new Date('2026-05-30T00:00:00Z'))).toBe(0);
    expect(await purgeRefusedReadings(db, new Date('2026-05-30T00:00:01Z'))).toBe(5001);
  });
});
