import type { Transaction } from 'kysely';
import { newId } from '../database/ids.ts';
import type { Database } from '../database/tables.ts';
import type { Context } from './context.ts';

export interface AuditEntry {
  /** `account.create`, `creator.link`, … */
  action: string;
  subjectType: string;
  subjectId: string | null;
  detail?: Record<string, unknown>;
}

type Author = Pick<Context, 'organizationId' | 'actor' | 'clock' | 'requestId'>;

/** Records who did what, in the transaction that does it. */
export async function audit(trx: Transaction<Database>, ctx: Author, entry: AuditEntry): Promise<void> {
  const { actor } = ctx;
  await trx
    .insertInto('audit_events')
    .values({
      organization_id: ctx.organizationId,
      audit_event_id: newId(),
      occurred_at: ctx.clock.now(),
      actor_type: actor.type,
      actor_id: actor.type === 'api_key' ? actor.id : actor.name,
      action: entry.action,
      subject_type: entry.subjectType,
      subject_id: entry.subjectId,
      detail: entry.detail === undefined ? null : JSON.stringify(entry.detail),
      request_id: ctx.requestId,
    })
    .execute();
}
