import { createOrganization } from '../../services/organizations/create-organization.ts';
import type { Output } from '../output.ts';
import { operatorContext, withRuntime } from '../runtime.ts';

export async function createOrg(options: { name: string }, output: Output): Promise<void> {
  const command = 'orgs create';
  await withRuntime({ command, role: 'command' }, async (runtime) => {
    const made = await createOrganization(operatorContext(runtime, command), { name: options.name });
    output.result({ organization_id: made.organizationId, api_key: made.secret }, [
      `Organization ${options.name.trim()}: ${made.organizationId}`,
      `API key (shown only this once): ${made.secret}`,
    ]);
  });
}
