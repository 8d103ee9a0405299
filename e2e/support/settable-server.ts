import { setTimeout as delay } from 'node:timers/promises';
import type { Clock } from '../../server/src/clock.ts';
import { createLogger } from '../../server/src/cli/logger.ts';
import { openRuntimeWith, operatorContext, type Runtime } from '../../server/src/cli/runtime.ts';
import { startParts } from '../../server/src/cli/commands/service-parts.ts';
import { loadConfig } from '../../server/src/config.ts';
import { createKey } from '../../server/src/services/keys/create-key.ts';
import { disableKey } from '../../server/src/services/keys/disable-key.ts';
import { createOrganization } from '../../server/src/services/organizations/create-organization.ts';

/**
 * The service of `tallyline serve` (or `api`) with a clock that stands where a message puts it: production has no such
 * door. Settings come from the environment, as everywhere.
 */

export type Order = { set: string } | { tenants: true };
export interface Tenants {
  organizationIds: [string, string];
  KA: string;
  KR: string;
  KX: string;
  KB: string;
}
export interface Reply {
  tenants?: Tenants;
  error?: string;
}

const idlePollMs = 20;
let now = new Date(process.argv[3] ?? '');
const clock: Clock = { now: () => now };
const command = process.argv[2] === 'api' ? 'api' : 'serve';

const config = loadConfig(process.env);
const logger = createLogger(config.logLevel);
const opened = await openRuntimeWith(config, logger, { command, role: command === 'serve' ? 'service' : 'command' });
const runtime: Runtime = { ...opened, clock };
const parts = await startParts(runtime, command);

process.on('message', (order: Order) => {
  void obey(order).then(
    (reply) => process.send?.(reply),
    (error: unknown) => process.send?.({ error: String(error) } satisfies Reply),
  );
});
process.on('SIGTERM', () => {
  void parts
    .stop()
    .then(() => runtime.close())
    .then(() => process.exit(0));
});
process.stdout.write(`Tallyline is ready at ${parts.url}\n`);

async function obey(order: Order): Promise<Reply> {
  if ('tenants' in order) return { tenants: await makeTenants() };
  if (command === 'serve') await untilIdle();
  now = new Date(order.set);
  // What became due must not wait until the collector looks by itself.
  await runtime.handle.pool.query(`select graphile_worker.add_job('schedule', payload := '{}'::json)`);
  return {};
}

/** Time stands still for a refresh: it must not begin at one time and end at another. */
async function untilIdle(): Promise<void> {
  const open = `
    select from profiles where claim_id is not null or due_at <= $1
    union all select from tracked_posts where claim_id is not null`;
  while ((await runtime.handle.pool.query(open, [now])).rowCount !== 0) await delay(idlePollMs);
}

/** Contract §7: O1 with keys KA (all scopes), KR (read) and KX (disabled), and O2 with KB. */
async function makeTenants(): Promise<Tenants> {
  const operator = operatorContext(runtime, 'acceptance');
  const [first, second] = [
    await createOrganization(operator, { name: 'O1' }),
    await createOrganization(operator, { name: 'O2' }),
  ];
  const ctx = { ...operator, organizationId: first.organizationId };
  const reader = await createKey(ctx, { name: 'KR', scopes: ['read'] });
  const disabled = await createKey(ctx, { name: 'KX' });
  await disableKey(ctx, { key: disabled.key.id });
  return {
    organizationIds: [first.organizationId, second.organizationId],
    KA: first.secret,
    KR: reader.secret,
    KX: disabled.secret,
    KB: second.secret,
  };
}
