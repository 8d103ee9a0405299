import { createOrganization } from '../../services/organizations/create-organization.ts';
import { updateOrganization } from '../../services/organizations/update-organization.ts';
import type { Output } from '../output.ts';
import { operatorContext, organizationContext, withRuntime } from '../runtime.ts';

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

export async function setOrg(options: { org: string; accountQuota: number | 'none' }, output: Output): Promise<void> {
  const command = 'orgs set';
  await withRuntime({ command, role: 'command' }, async (runtime) => {
    const ctx = await organizationContext(runtime, command, options.org);
    const wanted = options.accountQuota === 'none' ? null : options.accountQuota;
    const { organizationId, name, accountQuota } = await updateOrganization(ctx, { accountQuota: wanted });
    output.result({ organization_id: organizationId, name, account_quota: accountQuota }, [
      `Organization ${name} may track ${accountQuota === null ? 'any number of' : `at most ${accountQuota}`} accounts`,
    ]);
  });
}
