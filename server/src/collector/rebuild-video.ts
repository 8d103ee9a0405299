import { sql, type Transaction } from 'kysely';
import type { Database } from '../database/tables.ts';
import { unnest } from '../database/unnest.ts';
import { counterNames } from '../metrics/counters.ts';
import { dayOfNumber } from '../metrics/runs.ts';
import { changeBooks } from '../services/organization-books/change-books.ts';
import { bumpVersion } from '../services/versions.ts';
import { type VideoRef, videoHistory } from './video-history.ts';
import { gainColumns, gainList, gainTypes } from './write-gains.ts';

/** Rebuilds one video's rollups. Holds its row and its profile's, so no refresh writes meanwhile. */
export async function rebuildVideo(trx: Transaction<Database>, video: VideoRef): Promise<void> {
  const isVideo = sql`organization_id = ${video.organizationId} and video_id = ${video.videoId}`;
  await sql`select from videos where ${isVideo} for no key update`.execute(trx);
  await sql`
    select from profiles where profile_id = (select profile_id from videos where ${isVideo}) for no key update`.execute(
    trx,
  );
  await changeBooks(trx, video.organizationId, { videoId: video.videoId }, () => replaceBooks(trx, video));
  await bumpVersion(trx, [video.organizationId]);
}

async function replaceBooks(trx: Transaction<Database>, video: VideoRef): Promise<void> {
  const isVideo = sql`organization_id = ${video.organizationId} and video_id = ${video.videoId}`;
  await sql`
    update videos v set create_time = p.create_time, media_type = p.media_type
    from posts p where ${isVideo} and p.profile_id = v.profile_id and p.post_id = v.post_id`.execute(trx);
  const history = await videoHistory(trx, video);
  await sql`delete from video_days where ${isVideo}`.execute(trx);
  const rows = [...history.days].map(([day, { gains }]) => ({ day: dayOfNumber(day), ...gainColumns(gains) }));
  await sql`
    insert into video_days (organization_id, video_id, day, ${gainList})
    select ${video.organizationId}::uuid, ${video.videoId}::uuid, u.* from ${unnest(rows, { day: 'date', ...gainTypes })}`.execute(
    trx,
  );
  const counters = counterNames.map((name, i) => sql`${sql.id(name)} = ${history.known[i] ?? null}`);
  await sql`
    update videos set ${sql.join(counters)}, counts_from_zero = ${history.countsFromZero},
      first_scrape_time = ${history.firstScrapeTime}, last_scrape_time = ${history.lastScrapeTime}
    where ${isVideo}`.execute(trx);
}
