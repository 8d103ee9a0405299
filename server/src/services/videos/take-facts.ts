import { sql, type Transaction } from 'kysely';
import type { Database } from '../../database/tables.ts';

/** Tells a video when its post was posted, and of which kind it is, once it is known which post that is. */
export async function takeFacts(trx: Transaction<Database>, organizationId: string, videoId: string): Promise<void> {
  await sql`
    update videos v set create_time = p.create_time, media_type = p.media_type from posts p
    where v.organization_id = ${organizationId} and v.video_id = ${videoId}
      and p.profile_id = v.profile_id and p.post_id = v.post_id`.execute(trx);
}
