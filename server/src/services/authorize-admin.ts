import { Problem } from '../contract/problem.ts';
import type { Context } from './context.ts';

/** Keys hand out access, so an API key needs the scope admin for them; Tallyline itself may. */
export function authorizeAdmin({ actor }: Pick<Context, 'actor'>): void {
  if (actor.type === 'system' || actor.scopes.includes('admin')) return;
  throw new Problem('INSUFFICIENT_SCOPE', 'This operation needs an API key with the scope admin.');
}

/** Organizations are made by whoever runs Tallyline, never by a tenant. */
export function authorizeOperator({ actor }: Pick<Context, 'actor'>): void {
  if (actor.type === 'system') return;
  throw new Problem('INSUFFICIENT_SCOPE', 'Only the operator of this Tallyline may do this.');
}
