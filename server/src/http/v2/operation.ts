import type { FastifyInstance } from 'fastify';
import type { TObject, TProperties } from 'typebox';
import type { Definition, Handler } from './definition.ts';
import { runOperation } from './run-operation.ts';
import type { RouteDeps } from './route-deps.ts';

type Fields = TObject<TProperties>;
// biome-ignore lint/complexity/noBannedTypes: no declared members
type NoFields = TObject<{}>;

/**
 * Registers one operation of /v2. Each group of routes exports `<group>Routes(app, deps)` that calls this for each of its
 * operations. Everything of contract §2 happens here or in what this calls; handlers only call a verb and present its result.
 */
export function operation<P extends Fields = NoFields, Q extends Fields = NoFields, B extends Fields = NoFields>(
  app: FastifyInstance,
  deps: RouteDeps,
  definition: Definition<P, Q, B>,
  handler: Handler<P, Q, B>,
): void {
  runOperation(app, deps, definition, handler);
}
