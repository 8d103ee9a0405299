import { type SimulationResult, simulateHistory } from '../../collector/simulate.ts';
import { ensureDefaultOrganization } from '../../services/organizations/ensure-default-organization.ts';
import { defaultOrganizationName, findOrganization } from '../../services/organizations/find-organization.ts';
import { createSources } from '../../sources/create.ts';
import { CommandError } from '../failures.ts';
import type { Output } from '../output.ts';
import { createProgress } from '../progress.ts';
import { operatorContext, type Runtime, withRuntime } from '../runtime.ts';

export interface DemoOptions {
  accounts: number;
  days: number;
  org: string;
}

/** Months of history in seconds: the real collector, the sandbox source and a simulated clock. */
export async function demo(options: DemoOptions, output: Output): Promise<void> {
  await withRuntime({ command: 'demo', role: 'command' }, async (runtime) => {
    const { config, handle, clock, logger } = runtime;
    refuseBesideRealSources(config.sources.map((source) => source.name));
    const { organizationId, newSecret } = await findOrMakeOrganization(runtime, options.org);
    // Before the work: whoever interrupts it would lose the only key.
    if (newSecret !== null) output.early(`API key of the organization Default (shown only this once): ${newSecret}`);
    const sandbox = config.sources.find((source) => source.name === 'sandbox') ?? { name: 'sandbox', values: {} };
    const sources = await createSources([sandbox], { logger });
    const progress = createProgress('Days', output);
    try {
      const result = await simulateHistory(
        {
          db: handle.db,
          sources,
          clock,
          logger,
          maxPagesPerRefresh: config.maxPagesPerRefresh,
          onProgress: progress.update,
        },
        { organizationId, accounts: options.accounts, days: options.days },
      );
      progress.end();
      output.result(
        { organization_id: organizationId, ...result, ...(newSecret === null ? {} : { api_key: newSecret }) },
        [describe(result, options.days)],
      );
    } finally {
      progress.end();
      await Promise.all(sources.map((source) => source.close()));
    }
  });
}

/** Accounts that a real source reads, or will read, must never hold a simulated number. */
function refuseBesideRealSources(sources: readonly string[]): void {
  if (sources.every((name) => name === 'sandbox')) return;
  throw new CommandError(
    `demo makes simulated numbers, and TALLYLINE_SOURCES is ${sources.join(',')}. Use a data directory of its own, with TALLYLINE_SOURCES=sandbox.`,
  );
}

function describe({ accounts, refreshes }: SimulationResult, days: number): string {
  if (accounts === 0) return `Nothing to do: there are that many accounts, tracked for ${days} days and more`;
  return `${accounts} simulated accounts have ${days} days of history (${refreshes} refreshes)`;
}

/** A demo may be the first command ever: then it makes the default organization, with its key. */
async function findOrMakeOrganization(
  runtime: Runtime,
  organization: string,
): Promise<{ organizationId: string; newSecret: string | null }> {
  const operator = operatorContext(runtime, 'demo');
  if (organization === defaultOrganizationName) {
    return ensureDefaultOrganization(operator, { bootstrapKey: runtime.config.bootstrapKey });
  }
  const { id } = await findOrganization(operator, { organization });
  return { organizationId: id, newSecret: null };
}
