import { sql } from 'kysely';
import type { Platform } from '../../sources/source.ts';
import { authorize } from '../authorize.ts';
import { newestCaptions } from '../captions/find-captions.ts';
import type { Context } from '../context.ts';
import { soughtText } from '../lists/text-filter.ts';
import { byName } from './by-name.ts';
import { foundVideos, type FoundVideo } from './found-videos.ts';

export interface FoundAccount {
  account_id: string;
  platform: Platform;
  username: string;
  name: string | null;
}

export interface FoundCreator {
  creator_id: string;
  name: string;
}

export interface Found {
  accounts: FoundAccount[];
  creators: FoundCreator[];
  videos: FoundVideo[];
}

/** What an organization tracks, by a part of a username, of a creator's name or of a caption; at most `limit` of each. */
export async function search(ctx: Context, input: { q: string; limit: number }): Promise<Found> {
  authorize(ctx, 'read');
  const sought = soughtText(input.q);
  if (sought === '') return { accounts: [], creators: [], videos: [] };
  const [accounts, creators, captions] = await Promise.all([
    accountsNamed(ctx, sought, input.limit),
    creatorsNamed(ctx, sought, input.limit),
    newestCaptions(ctx.db, ctx.organizationId, sought, input.limit),
  ]);
  return { accounts, creators, videos: await foundVideos(ctx.db, ctx.organizationId, captions) };
}

async function accountsNamed(ctx: Context, sought: string, limit: number): Promise<FoundAccount[]> {
  const { rows } = await sql<FoundAccount>`
    select a.account_id, a.platform, a.username, a.name
    from (${byName(
      sql`select account_id, username as folded from accounts
        where organization_id = ${ctx.organizationId} and deleted_at is null`,
      { id: 'account_id', sought, limit },
    )}) f
    join accounts a on a.organization_id = ${ctx.organizationId} and a.account_id = f.account_id
    order by f.place, f.folded, f.account_id`.execute(ctx.db);
  return rows;
}

async function creatorsNamed(ctx: Context, sought: string, limit: number): Promise<FoundCreator[]> {
  const { rows } = await sql<FoundCreator>`
    select creator_id, name
    from (${byName(
      sql`select creator_id, name, name_folded as folded from creators where organization_id = ${ctx.organizationId}`,
      { id: 'creator_id', sought, limit },
    )}) f
    order by place, folded, creator_id`.execute(ctx.db);
  return rows;
}
