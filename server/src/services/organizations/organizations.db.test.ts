import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { systemClock } from '../../clock.ts';
import { createAccount } from '../accounts/create-account.ts';
import type { Actor } from '../context.ts';
import { disableKey } from '../keys/disable-key.ts';
import { listKeys } from '../keys/list-keys.ts';
import { createOrganization } from './create-organization.ts';
import { ensureDefaultOrganization } from './ensure-default-organization.ts';
import { findOrganization } from './find-organization.ts';
import { updateOrganization } from './update-organization.ts';

const { db } = await testDatabase();
const actor: Actor = { type: 'system', name: 'test' };
const operator = { actor, db, clock: systemClock, logger: silentLogger, requestId: 'test' };
const newKey = (): string => `tga_${randomBytes(32).toString('hex')}`;

describe('the default organization', () => {
  it('is made once, with one key, however many processes start at the same time', async () => {
    const starts = await Promise.all(
      Array.from({ length: 4 }, () => ensureDefaultOrganization(operator, { bootstrapKey: null })),
    );
    expect(new Set(starts.map(({ organizationId }) => organizationId)).size).toBe(1);
    expect(starts.filter(({ newSecret }) => newSecret !== null)).toHaveLength(1);
    const later = await ensureDefaultOrganization(operator, { bootstrapKey: null });
    expect(later).toEqual({ organizationId: starts[0]?.organizationId, newSecret: null });
  });

  it('takes a given key later too, once, and never tells it', async () => {
    const bootstrapKey = newKey();
    const first = await ensureDefaultOrganization(operator, { bootstrapKey });
    await ensureDefaultOrganization(operator, { bootstrapKey });
    const ctx = { ...operator, organizationId: first.organizationId };
    const keys = (await listKeys(ctx)).filter(({ prefix }) => prefix === bootstrapKey.slice(0, 12));
    expect(first.newSecret).toBeNull();
    expect(keys).toHaveLength(1);
  });

  it('leaves a given key disabled when it was disabled', async () => {
    const bootstrapKey = newKey();
    const { organizationId } = await ensureDefaultOrganization(operator, { bootstrapKey });
    const ctx = { ...operator, organizationId };
    await disableKey(ctx, { key: bootstrapKey.slice(0, 12) });
    await ensureDefaultOrganization(operator, { bootstrapKey });
    const states = (await listKeys(ctx)).filter(({ prefix }) => prefix === bootstrapKey.slice(0, 12));
    expect(states.map(({ disabledAt }) => disabledAt !== null)).toEqual([true]);
  });
});

describe('organizations', () => {
  it('come with a default project, a key and a trail', async () => {
    const { organizationId } = await createOrganization(operator, { name: ' Acme ' });
    const projects = await db
      .selectFrom('projects')
      .selectAll()
      .where('organization_id', '=', organizationId)
      .execute();
    const trail = await db
      .selectFrom('audit_events')
      .select(['action', 'actor_id'])
      .where('organization_id', '=', organizationId)
      .execute();
    expect(projects.map(({ is_default: isDefault }) => isDefault)).toEqual([true]);
    expect(trail).toEqual([{ action: 'organization.create', actor_id: 'test' }]);
    expect(await findOrganization(operator, { organization: 'Acme' })).toEqual({ id: organizationId, name: 'Acme' });
    expect(await findOrganization(operator, { organization: organizationId.toUpperCase() })).toMatchObject({
      name: 'Acme',
    });
  });

  it('need their id where several have the name', async () => {
    await createOrganization(operator, { name: 'Twins' });
    await createOrganization(operator, { name: 'Twins' });
    await expect(findOrganization(operator, { organization: 'Twins' })).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(findOrganization(operator, { organization: 'Nobody' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('track at most as many accounts as the operator says, with a trail', async () => {
    const { organizationId } = await createOrganization(operator, { name: 'Capped' });
    const ctx = { ...operator, organizationId };
    const add = (username: string) => createAccount(ctx, { platform: 'tiktok', username });
    await updateOrganization(ctx, { account_quota: 1 });
    await add('oak_rye');
    await expect(add('elm_rye')).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    await updateOrganization(ctx, { account_quota: null });
    await add('elm_rye');
    const trail = await db
      .selectFrom('audit_events')
      .select('detail')
      .where('organization_id', '=', organizationId)
      .where('action', '=', 'organization.update')
      .orderBy('audit_event_id')
      .execute();
    expect(trail.map(({ detail }) => detail)).toEqual([{ account_quota: 1 }, { account_quota: null }]);
  });

  it('are limited by numbers that can be limits, and never by a tenant', async () => {
    const { organizationId } = await createOrganization(operator, { name: 'Uncapped' });
    const ctx = { ...operator, organizationId };
    const wrong = [
      ...[-1, 1.5, 2 ** 31].map((value) => ['account_quota', value] as const),
      ...[0, 5001].map((value) => ['max_recent_posts_per_account', value] as const),
      ...[0, 3651, Number.NaN].map((value) => ['post_lookback_days', value] as const),
    ];
    for (const [field, value] of wrong) {
      await expect(updateOrganization(ctx, { [field]: value })).rejects.toMatchObject({
        code: 'VALIDATION_ERROR',
        errors: [{ field }],
      });
    }
    await expect(updateOrganization(ctx, {})).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
    const tenant: Actor = { type: 'api_key', id: 'x', name: 'x', scopes: ['read', 'write', 'admin'] };
    await expect(updateOrganization({ ...ctx, actor: tenant }, { account_quota: null })).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
    });
  });

  it('are not made by a tenant, nor without a name', async () => {
    const tenant: Actor = { type: 'api_key', id: 'x', name: 'x', scopes: ['read', 'write', 'admin'] };
    await expect(createOrganization({ ...operator, actor: tenant }, { name: 'x' })).rejects.toMatchObject({
      code: 'INSUFFICIENT_SCOPE',
    });
    await expect(createOrganization(operator, { name: ' ' })).rejects.toMatchObject({ code: 'VALIDATION_ERROR' });
  });
});
