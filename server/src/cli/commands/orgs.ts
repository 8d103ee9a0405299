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

type Limit = number | 'none';

export interface LimitOptions {
  org: string;
  accountQuota?: Limit;
  maxRecentPosts?: Limit;
  postLookbackDays?: Limit;
}

/** Without any of the options nothing would change: the verb refuses that. */
export async function setOrg(options: LimitOptions, output: Output): Promise<void> {
  const command = 'orgs set';
  await withRuntime({ command, role: 'command' }, async (runtime) => {
    const ctx = await organizationContext(runtime, command, options.org);
    const { accountQuota, maxRecentPosts, postLookbackDays } = options;
    const organization = await updateOrganization(ctx, {
      ...(accountQuota !== undefined && { account_quota: orNull(accountQuota) }),
      ...(maxRecentPosts !== undefined && { max_recent_posts_per_account: orNull(maxRecentPosts) }),
      ...(postLookbackDays !== undefined && { post_lookback_days: orNull(postLookbackDays) }),
    });
    const { name, account_quota: quota, max_recent_posts_per_account: posts, post_lookback_days: days } = organization;
    output.result(organization, [
      `Organization ${name} may track ${quota === null ? 'any number of' : `at most ${quota}`} accounts`,
      `An account without own limits holds ${posts === null ? 'all' : `the latest ${posts}`} posts${days === null ? '' : ` of the last ${days} days`}`,
    ]);
  });
}

const orNull = (limit: Limit): number | null => (limit === 'none' ? null : limit);
