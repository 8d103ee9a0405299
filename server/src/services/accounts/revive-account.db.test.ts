import { expect, test } from 'vitest';
import { refreshNow, systemContext, testClock } from '../../../test/support/collecting.ts';
import { testDatabase } from '../../../test/support/database.ts';
import { createOrganization } from '../../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../../test/support/scripted-source.ts';
import { watchedDb } from '../../../test/support/watched-db.ts';
import { runDoctor } from '../../collector/doctor.ts';
import { Problem } from '../../contract/problem.ts';
import type { Context } from '../context.ts';
import { createAccount } from './create-account.ts';
import { deleteAccount } from './delete-account.ts';

const { db: plain, pool } = await testDatabase();
const { db, failures } = watchedDb(pool);

const handle = { platform: 'instagram', username: 'comes_and_goes' } as const;
const idsOf = async ({ organizationId }: Context) =>
  (await plain.selectFrom('accounts').select('account_id').where('organization_id', '=', organizationId).execute()).map(
    (row) => row.account_id,
  );

/** What a client is told when somebody else was faster. */
async function refusalOf(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (error instanceof Problem) return error.code;
    throw error;
  }
}

test('deletions, revivals and refreshes of one profile at once wait for each other in one order only', async () => {
  const source = scriptedSource();
  const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };
  const organizations = await Promise.all(Array.from({ length: 4 }, () => createOrganization(plain)));
  const contexts = organizations.map(({ organizationId }) => systemContext(db, organizationId, w.clock));
  for (const ctx of contexts) await createAccount(ctx, handle);
  const { profile_id: profileId } = await plain.selectFrom('accounts').select('profile_id').executeTakeFirstOrThrow();
  const outcomes = new Set<string>();
  for (let round = 0; round < 12; round += 1) {
    w.clock.add(5);
    source.script.posts = [observedPost('1', { viewCount: round }, { createTime: new Date('2026-03-03T00:00:00Z') })];
    const changes = contexts.flatMap((ctx) => [
      ...[0, 1].map(() => createAccount(ctx, handle)),
      ...[0, 1].map(async () => deleteAccount(ctx, { accountId: (await idsOf(ctx))[0] ?? '' })),
    ]);
    const [refreshed, ...results] = await Promise.all([refreshNow(w, profileId), ...changes.map(refusalOf)]);
    expect(refreshed.status).toBe('recorded');
    for (const result of results) outcomes.add(result);
  }
  expect([...outcomes].sort()).toEqual(['CONFLICT', 'NOT_FOUND', 'done']);
  expect(failures).toEqual([]);
  // One account each, revived every time.
  for (const ctx of contexts) expect(await idsOf(ctx)).toHaveLength(1);
  expect((await runDoctor({ db: plain })).checks.flatMap((check) => check.failures)).toEqual([]);
});
