import { type Kysely, sql } from 'kysely';
import type { Database } from '../../database/tables.ts';
import type { Context } from '../context.ts';

/** A request that must happen once: its key within one organization and route, and what it asked for. */
export interface OnceKey {
  route: string;
  key: string;
  bodyHash: Buffer;
}

/** The answer of a finished request, as it was sent. */
export interface StoredAnswer {
  status: number;
  location: string | null;
  body: string | null;
}

export type Claim =
  | { state: 'claimed'; claimedAt: Date }
  | { state: 'running'; isSameBody: boolean }
  | { state: 'finished'; isSameBody: boolean; answer: StoredAnswer };

export const memoryHours = 24;
const abandonedAfterSeconds = 60;
const maxAttempts = 5;

/**
 * Marks the request as running, in a statement of its own that is committed before the operation begins: a second request
 * sees it at once, on any process. A mark that is abandoned or too old to remember is taken over.
 */
export async function claim(ctx: Context, once: OnceKey): Promise<Claim> {
  // The record may vanish between the two statements, when the first request failed and took its mark away.
  for (let attempt = 0; attempt < maxAttempts; attempt++) {
    const claimedAt = ctx.clock.now();
    if (await insertMark(ctx, once, claimedAt)) return { state: 'claimed', claimedAt };
    const record = await ctx.db
      .selectFrom('idempotency_records')
      .select(['body_hash', 'completed_at', 'status', 'location', 'body'])
      .where('organization_id', '=', ctx.organizationId)
      .where('route', '=', once.route)
      .where('idempotency_key', '=', once.key)
      .executeTakeFirst();
    if (record === undefined) continue;
    const isSameBody = record.body_hash.equals(once.bodyHash);
    const { completed_at: completedAt, status, location, body } = record;
    if (completedAt === null || status === null) return { state: 'running', isSameBody };
    return { state: 'finished', isSameBody, answer: { status, location, body } };
  }
  return { state: 'running', isSameBody: true };
}

async function insertMark(ctx: Context, once: OnceKey, claimedAt: Date): Promise<boolean> {
  const abandonedBefore = new Date(claimedAt.getTime() - abandonedAfterSeconds * 1000);
  const { rows } = await sql`
    insert into idempotency_records as r (organization_id, route, idempotency_key, body_hash, claimed_at)
    values (${ctx.organizationId}, ${once.route}, ${once.key}, ${once.bodyHash}, ${claimedAt})
    on conflict (organization_id, route, idempotency_key) do update set
      body_hash = excluded.body_hash, claimed_at = excluded.claimed_at,
      completed_at = null, status = null, location = null, body = null
    where (r.completed_at is null and r.claimed_at <= ${abandonedBefore})
      or (r.completed_at is not null and r.claimed_at <= ${forgottenBefore(claimedAt)})
    returning 1
  `.execute(ctx.db);
  return rows.length > 0;
}

export const forgottenBefore = (now: Date): Date => new Date(now.getTime() - memoryHours * 3_600_000);

/** Stores the answer; false when the mark lapsed and another request has taken it over. */
export async function complete(
  ctx: Context,
  db: Kysely<Database>,
  once: OnceKey,
  claimedAt: Date,
  answer: StoredAnswer,
): Promise<boolean> {
  const { numUpdatedRows } = await db
    .updateTable('idempotency_records')
    .set({ completed_at: ctx.clock.now(), ...answer })
    .where('organization_id', '=', ctx.organizationId)
    .where('route', '=', once.route)
    .where('idempotency_key', '=', once.key)
    .where('claimed_at', '=', claimedAt)
    .where('completed_at', 'is', null)
    .executeTakeFirst();
  return numUpdatedRows > 0n;
}

/** Takes the mark away: the request was refused or failed, and may come again. */
export async function release(ctx: Context, once: OnceKey, claimedAt: Date): Promise<void> {
  await ctx.db
    .deleteFrom('idempotency_records')
    .where('organization_id', '=', ctx.organizationId)
    .where('route', '=', once.route)
    .where('idempotency_key', '=', once.key)
    .where('claimed_at', '=', claimedAt)
    .where('completed_at', 'is', null)
    .execute();
}
