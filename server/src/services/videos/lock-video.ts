import { type Selectable, sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { VideosTable } from '../../database/video-tables.ts';

export type LockedVideo = Selectable<VideosTable>;

/** The video, held until the transaction ends; null when the organization has none of this id. */
export async function lockVideo(
  trx: Transaction<Database>,
  organizationId: string,
  videoId: string,
): Promise<LockedVideo | null> {
  const { rows } = await sql<LockedVideo>`
    select * from videos
    where organization_id = ${organizationId} and video_id = ${videoId} and deleted_at is null
    for no key update`.execute(trx);
  return rows[0] ?? null;
}
