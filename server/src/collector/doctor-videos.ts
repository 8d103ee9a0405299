import { type Kysely, sql } from 'kysely';
import type { Database } from '../database/tables.ts';
import { counterNames, gainNames } from '../metrics/counters.ts';
import { differingDays } from './doctor-days.ts';
import { countersOfRow } from '../services/posts/counters-of-row.ts';
import { type VideoHistory, type VideoRef, videoHistory } from './video-history.ts';

export interface VideoProblems {
  days: string[];
  sums: string[];
  totals: string[];
}

/** What a video's books say that its readings do not. */
export async function videoProblems(db: Kysely<Database>, video: VideoRef): Promise<VideoProblems> {
  const history = await videoHistory(db, video);
  return {
    days: differingDays(await storedDays(db, video), expectedDays(history)),
    sums: await differingSums(db, video),
    totals: await differingTotals(db, video, history),
  };
}

const isVideo = (video: VideoRef) => sql`organization_id = ${video.organizationId} and video_id = ${video.videoId}`;

async function storedDays(db: Kysely<Database>, video: VideoRef): Promise<Map<string, string>> {
  const rows = await db
    .selectFrom('video_days')
    .selectAll()
    .where('organization_id', '=', video.organizationId)
    .where('video_id', '=', video.videoId)
    .execute();
  return new Map(rows.map((row) => [row.day, gainNames.map((name) => row[name]).join()]));
}

const expectedDays = (history: VideoHistory): Map<number, string> =>
  new Map([...history.days].map(([day, { gains }]) => [day, gains.join()]));

/** The contract's truth without the code that books gains: per metric, all days together = last known - baseline. */
async function differingSums(db: Kysely<Database>, video: VideoRef): Promise<string[]> {
  const metrics = gainNames.map((gain, i) => ({ gain, counter: counterNames[i] ?? gain }));
  const columns = metrics.map(({ gain, counter }) => {
    const booked = sql`coalesce((select sum(d.${sql.id(gain)}) from video_days d
      where d.organization_id = v.organization_id and d.video_id = v.video_id), 0)::bigint`;
    const first = sql`(select r.${sql.id(counter)} from post_readings r
      where r.profile_id = v.profile_id and r.post_id = v.post_id and r.read_at >= v.counted_from
        and r.${sql.id(counter)} is not null
        and not exists (select from video_pauses z where z.organization_id = v.organization_id and z.video_id = v.video_id
          and r.read_at >= z.started_at and (z.ended_at is null or r.read_at < z.ended_at))
      order by r.read_at limit 1)`;
    const base = sql`case when v.counts_from_zero then 0 else ${first} end`;
    return sql`array[${booked}, coalesce(v.${sql.id(counter)} - ${base}, 0)] as ${sql.id(gain)}`;
  });
  const { rows } = await sql<Record<string, number[]>>`
    select ${sql.join(columns)} from videos v where ${isVideo(video)}`.execute(db);
  return gainNames.flatMap((name) => {
    const [sum, difference] = rows[0]?.[name] ?? [];
    return sum === difference ? [] : [`${name}: days sum to ${sum}, the counter grew by ${difference}`];
  });
}

async function differingTotals(db: Kysely<Database>, video: VideoRef, history: VideoHistory): Promise<string[]> {
  const row = await db
    .selectFrom('videos')
    .select([...counterNames, 'counts_from_zero', 'first_scrape_time', 'last_scrape_time'])
    .where('organization_id', '=', video.organizationId)
    .where('video_id', '=', video.videoId)
    .executeTakeFirstOrThrow();
  const time = (at: Date | null): string => at?.toISOString() ?? 'never';
  const found = `${countersOfRow(row).join()} first ${time(row.first_scrape_time)} last ${time(row.last_scrape_time)}`;
  const wanted = `${history.known.join()} first ${time(history.firstScrapeTime)} last ${time(history.lastScrapeTime)}`;
  const problems = found === wanted ? [] : [`says ${found}, readings say ${wanted}`];
  if (row.counts_from_zero === history.countsFromZero) return problems;
  return [...problems, `counts from 0: ${row.counts_from_zero}, its posting time says otherwise`];
}
