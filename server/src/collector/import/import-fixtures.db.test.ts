import { sql } from 'kysely';
import { describe, expect, it } from 'vitest';
import { testClock } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { areFixturesMissing, fixtureText, skippedNote } from '../../../test/support/fixtures.ts';
import { importText, pieces } from '../../../test/support/importing.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { runDoctor } from '../doctor.ts';
import type { Mapping } from './mapping.ts';

const { db, pool } = await testDatabase();
const importing = { db, pool, clock: testClock('2026-03-10T09:00:00Z') };

const wide = (field: 'follower_count' | 'like_count'): Mapping => ({
  columns: { read_at: 'DATE', [field]: '*' },
  values: { platform: 'tiktok', ...(field === 'like_count' && { external_id: '*' }) },
  dates: 'dd/mm/yyyy',
  handles: {
    'FCN-NACION': 'fcn_nacion',
    'VALOR-UNIONISTA': 'valor_unionista',
    'MI-FAMILIA': 'mi_familia',
    'URNG-WINAQ': 'urng_winaq',
  },
});

const failures = async () => (await runDoctor({ db })).checks.flatMap((check) => check.failures);

describe.skipIf(areFixturesMissing)(`files that people have${skippedNote}`, () => {
  it('4,287 videos of 18 news outlets, one reading each', async () => {
    const { organizationId } = await createOrganization(db);
    const text = fixtureText('datasets/news_on_tiktok_2023_videos.csv');
    const mapping: Mapping = {
      columns: {
        username: 'V3_news_outlet',
        external_id: 'M1_video_id',
        create_time: 'M3_create_time',
        view_count: 'M5_view_count',
        like_count: 'M4_like_count',
        comment_count: 'M6_comment_count',
        share_count: 'M7_share_count',
      },
      values: { platform: 'tiktok', read_at: '2024-01-15' },
      dates: 'yyyy-mm-dd',
      handles: {},
    };
    const result = await importText(importing, organizationId, '', { content: pieces(text, 65_536), mapping });
    expect(result).toMatchObject({
      imported: true,
      rows: 4287,
      badRows: 0,
      profiles: 18,
      accountsAdded: 18,
      readingsWritten: 4287,
    });
    // As the file itself adds up to.
    const { rows } = await sql`
      select total_post_count, view_count, play_count, like_count, comment_count, share_count, is_active, source, added_at
      from accounts where organization_id = ${organizationId} and username = '20minuten'`.execute(db);
    const sums = sumsOf(text, '20minuten');
    const added = { is_active: false, source: 'import', added_at: new Date('2024-01-15T00:00:00Z') };
    expect(rows).toEqual([
      {
        total_post_count: 914,
        view_count: sums[1],
        play_count: sums[1],
        like_count: sums[0],
        comment_count: sums[2],
        share_count: sums[3],
        ...added,
      },
    ]);
    // What a post had when it was read first is nobody's gain.
    const { rows: gained } =
      await sql`select sum(views) as views, count(*) as days from account_days where organization_id = ${organizationId}`.execute(
        db,
      );
    expect(gained).toEqual([{ views: '0', days: 18 }]);
    expect(await failures()).toEqual([]);
  });

  it('followers of 23 accounts day by day, a column each, dates as dd/mm/yyyy, a day twice', async () => {
    const { organizationId } = await createOrganization(db);
    const text = fixtureText('timeseries/guatemala2023_tiktok_followers.csv');
    const result = await importText(importing, organizationId, text, { mapping: wide('follower_count') });
    expect(result).toMatchObject({ imported: true, rows: 44, badRows: 0, profiles: 20, accountsAdded: 20 });
    const { rows } = await sql`
      select day, followers, followers_gained from account_days d join accounts a using (organization_id, account_id)
      where d.organization_id = ${organizationId} and a.username = 'victoria' and day in ('2023-04-28', '2023-04-29', '2023-06-05', '2023-06-06')
      order by day`.execute(db);
    expect(rows).toEqual([
      { day: '2023-04-28', followers: 178_000, followers_gained: 0 },
      { day: '2023-04-29', followers: 178_300, followers_gained: 300 },
      { day: '2023-06-06', followers: 210_400, followers_gained: 1_400 },
    ]);
    expect(await failures()).toEqual([]);
  });

  it('likes of the same accounts as totals; a day that says two things is named, and the rest imported on demand', async () => {
    const { organizationId } = await createOrganization(db);
    const text = fixtureText('timeseries/guatemala2023_tiktok_likes.csv');
    const refused = await importText(importing, organizationId, text, { mapping: wide('like_count') });
    expect(refused).toMatchObject({ imported: false, badRows: 1 });
    expect(refused.problems).toEqual([
      {
        line: 38,
        field: 'like_count',
        value: '964100',
        message: 'contradicts line 37, which says otherwise of valor_unionista at the same moment',
      },
    ]);
    const result = await importText(importing, organizationId, text, { mapping: wide('like_count'), skipBad: true });
    expect(result).toMatchObject({ imported: true, profiles: 20, readingsWritten: 824 });
    const { rows } = await sql`
      select sum(d.likes) as gained, max(a.like_count) as total from account_days d join accounts a using (organization_id, account_id)
      where d.organization_id = ${organizationId} and a.username = 'semilla'`.execute(db);
    const last = Number(text.trim().split('\n').at(-1)?.split(',')[3]);
    expect(rows).toEqual([{ gained: String(last - 330_500), total: last }]);
    expect(await failures()).toEqual([]);
  });
});

/** Likes, views, comments and shares of an outlet: the four of the last columns but one, which never have a quote before them. */
function sumsOf(text: string, outlet: string): number[] {
  const rows = text.split('\n').filter((line) => line.split(',')[2] === outlet);
  return rows.reduce(
    (sums, line) => {
      const numbers = /,\d{4}-\d{2}-\d{2} [\d:]+,([\d.]+),([\d.]+),(\d+),(\d+),/.exec(line)?.slice(1).map(Number) ?? [];
      return sums.map((sum, i) => sum + (numbers[i] ?? 0));
    },
    [0, 0, 0, 0],
  );
}
