import { type Kysely, sql } from 'kysely';
import type { CounterColumns } from '../database/columns.ts';
import type { Database } from '../database/tables.ts';
import { type Counters, counterNames } from '../metrics/counters.ts';
import { type BookedDays, bookPostRuns } from '../metrics/history.ts';
import { wholeSecond } from '../metrics/runs.ts';
import { countersOfRow } from '../services/posts/counters-of-row.ts';

export interface VideoRef {
  organizationId: string;
  videoId: string;
}

/** What a video's books must say, computed from readings alone. */
export interface VideoHistory {
  days: BookedDays;
  known: Counters;
  countsFromZero: boolean;
  firstScrapeTime: Date | null;
  lastScrapeTime: Date | null;
}

/** Published after tracking began; unknown counts as before. */
const fromZero = sql`coalesce(v.create_time >= v.added_at, false)`;

interface Row extends CounterColumns {
  counts_from_zero: boolean;
  read_at: Date | null;
  confirmed_at: Date;
}

/** Reads every reading that belongs to the video, and books it anew. */
export async function videoHistory(db: Kysely<Database>, video: VideoRef): Promise<VideoHistory> {
  const { rows } = await sql<Row>`
    select ${fromZero} as counts_from_zero, r.read_at,
      case when r.read_at = p.read_at then p.confirmed_at else r.confirmed_at end as confirmed_at,
      ${sql.join(counterNames.map((name) => sql.ref(`r.${name}`)))}
    from videos v
    left join posts p on p.profile_id = v.profile_id and p.post_id = v.post_id
    left join post_readings r on r.profile_id = v.profile_id and r.post_id = v.post_id and r.read_at >= v.counted_from
      and not exists (
        select from video_pauses z where z.organization_id = v.organization_id and z.video_id = v.video_id
          and r.read_at >= z.started_at and (z.ended_at is null or r.read_at < z.ended_at))
    where v.organization_id = ${video.organizationId} and v.video_id = ${video.videoId}
    order by r.read_at`.execute(db);
  const runs = rows.flatMap((row) =>
    row.read_at === null ? [] : [{ readAt: row.read_at, confirmedAt: row.confirmed_at, read: countersOfRow(row) }],
  );
  // Decided by the first reading.
  const countsFromZero = runs.length > 0 && rows[0]?.counts_from_zero === true;
  const days: BookedDays = new Map();
  const known = bookPostRuns(days, runs, countsFromZero);
  const [first, last] = [runs[0]?.readAt, runs.at(-1)?.confirmedAt];
  return {
    days,
    known,
    countsFromZero,
    firstScrapeTime: first === undefined ? null : wholeSecond(first),
    lastScrapeTime: last === undefined ? null : wholeSecond(last),
  };
}
