import { Problem } from '../contract/problem.ts';
import type { Context } from './context.ts';

/** Refuses an actor that may not do this. Every key may read; writing takes `write` or `admin`. Tallyline itself may do both. */
export function authorize(ctx: Context, access: 'read' | 'write'): void {
  const { actor } = ctx;
  if (access === 'read' || actor.type === 'system') return;
  if (actor.scopes.includes('write') || actor.scopes.includes('admin')) return;
  throw new Problem('INSUFFICIENT_SCOPE', 'This API key may read only; the operation needs the scope write.');
}
