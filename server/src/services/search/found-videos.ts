import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Platform } from '../../sources/source.ts';
import { accountVideoTables } from '../account-videos/account-video-record.ts';
import type { FoundCaption } from '../captions/find-captions.ts';
import { videoAccountId, videoAccountUsername, videoTables } from '../videos/video-record.ts';

/** A post that an organization holds, of either kind. */
export interface FoundVideo {
  kind: 'account_video' | 'video';
  id: string;
  platform: Platform;
  caption: string | null;
  /** The author's account, if the organization tracks it. */
  account_id: string | null;
  account_username: string | null;
}

/** The posts behind captions, in their order. */
export async function foundVideos(
  db: Kysely<Database>,
  organizationId: string,
  captions: readonly FoundCaption[],
): Promise<FoundVideo[]> {
  if (captions.length === 0) return [];
  const idsOf = (kind: string) => captions.filter((found) => found.kind === kind).map((found) => found.item_id);
  const { rows } = await sql<FoundVideo>`
    select 'account_video' as kind, v.account_video_id as id, v.platform, p.caption, v.account_id, a.username as account_username
    from ${accountVideoTables}
    where v.organization_id = ${organizationId} and v.account_video_id = any(${idsOf('account_video')}::uuid[])
    union all
    select 'video', v.video_id, v.platform, p.caption, ${videoAccountId},
      coalesce(${videoAccountUsername}, r.username, t.author_username)
    from ${videoTables}
    where v.organization_id = ${organizationId} and v.video_id = any(${idsOf('video')}::uuid[])`.execute(db);
  const byId = new Map(rows.map((row) => [row.id, row]));
  return captions.flatMap(({ item_id: id }) => byId.get(id) ?? []);
}
