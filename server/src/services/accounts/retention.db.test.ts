import { describe, expect, it } from 'vitest';
import { systemContext, testClock, track } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { purgeDeleted } from '../purge-deleted.ts';
import { createAccount } from './create-account.ts';
import { deleteAccount } from './delete-account.ts';

const { db } = await testDatabase();

describe('a configured retention', () => {
  it.each([
    [10, 9, true],
    [10, 11, false],
    [60, 59, true],
  ])('of %i days: added again after %i days revives: %s', async (retentionDays, days, isRevived) => {
    const clock = testClock('2026-03-02T09:00:00Z');
    const { organizationId } = await createOrganization(db);
    const { accountId } = await track({ db, clock, sources: [] }, organizationId, 'kept');
    const ctx = { ...systemContext(db, organizationId, clock), retentionDays };
    await deleteAccount(ctx, { accountId });
    clock.add(days * 24);
    await purgeDeleted(db, 'account', clock.now(), retentionDays);
    const again = await createAccount(ctx, { platform: 'instagram', username: 'kept' });
    expect(again.account_id === accountId).toBe(isRevived);
  });
});
