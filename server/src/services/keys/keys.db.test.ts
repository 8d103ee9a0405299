import { describe, expect, it } from 'vitest';
import { testDatabase } from '../../../test/support/database.ts';
import { silentLogger } from '../../../test/support/logger.ts';
import { systemClock } from '../../clock.ts';
import type { Actor, Context } from '../context.ts';
import { createOrganization } from '../organizations/create-organization.ts';
import { createKey } from './create-key.ts';
import { disableKey } from './disable-key.ts';
import { enableKey } from './enable-key.ts';
import { hashKeySecret } from './key-secret.ts';
import { listKeys } from './list-keys.ts';

const { db } = await testDatabase();
const surroundings = { db, clock: systemClock, logger: silentLogger, requestId: 'test' };
const operator = { ...surroundings, actor: { type: 'system', name: 'test' } as Actor };

async function newTenant(name = 'Tenant'): Promise<Context> {
  const { organizationId } = await createOrganization(operator, { name });
  return { ...operator, organizationId };
}

describe('keys', () => {
  it('keeps the hash of a secret and never the secret', async () => {
    const ctx = await newTenant();
    const { key, secret } = await createKey(ctx, { name: ' Dashboard ' });
    expect(secret).toMatch(/^tga_[0-9a-f]{64}$/);
    expect(key).toMatchObject({ name: 'Dashboard', prefix: secret.slice(0, 12), scopes: ['read', 'write', 'admin'] });
    const row = await db.selectFrom('api_keys').selectAll().where('api_key_id', '=', key.id).executeTakeFirstOrThrow();
    expect(row.key_hash).toEqual(hashKeySecret(secret));
    expect(JSON.stringify([row, await listKeys(ctx)])).not.toContain(secret.slice(12));
    const audits = await db.selectFrom('audit_events').selectAll().where('subject_id', '=', key.id).execute();
    expect(audits.map(({ action }) => action)).toEqual(['key.create']);
    expect(JSON.stringify(audits)).not.toContain(secret.slice(12));
  });

  it('gives every key at least the scope read', async () => {
    const ctx = await newTenant();
    expect((await createKey(ctx, { name: 'w', scopes: ['write'] })).key.scopes).toEqual(['read', 'write']);
    expect((await createKey(ctx, { name: 'r', scopes: [] })).key.scopes).toEqual(['read']);
  });

  it('names every invalid value', async () => {
    const ctx = await newTenant();
    await expect(createKey(ctx, { name: ' ', scopes: ['root'] })).rejects.toMatchObject({
      code: 'VALIDATION_ERROR',
      errors: [{ field: 'name' }, { field: 'scopes' }],
    });
  });

  it('disables and enables by id or prefix, and repeats without effect', async () => {
    const ctx = await newTenant();
    const { key } = await createKey(ctx, { name: 'k' });
    const disabled = await disableKey(ctx, { key: key.prefix });
    expect(disabled.disabledAt).toBeInstanceOf(Date);
    expect(await disableKey(ctx, { key: key.id })).toEqual(disabled);
    expect((await enableKey(ctx, { key: key.id })).disabledAt).toBeNull();
  });

  it('shows and changes nothing of another organization', async () => {
    const [mine, other] = [await newTenant(), await newTenant()];
    const { key } = await createKey(other, { name: 'theirs' });
    expect((await listKeys(mine)).map(({ id }) => id)).not.toContain(key.id);
    await expect(disableKey(mine, { key: key.id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(disableKey(mine, { key: key.prefix })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is for the scope admin alone', async () => {
    const ctx = await newTenant();
    const actor: Actor = { type: 'api_key', id: 'x', name: 'x', scopes: ['read', 'write'] };
    const limited: Context = { ...ctx, actor };
    await expect(createKey(limited, { name: 'k' })).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
    await expect(listKeys(limited)).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
    await expect(disableKey(limited, { key: 'tga_00000000' })).rejects.toMatchObject({ code: 'INSUFFICIENT_SCOPE' });
  });
});
