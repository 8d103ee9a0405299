import { repeatable } from '../database/retry.ts';
import type { TrackedAccount } from './cast.ts';
import { holdFromTheStart, moveStartBack } from './hold-from-start.ts';
import { pastRuns } from './past-runs.ts';
import { rebuildAccount } from './rebuild.ts';
import type { Simulation } from './simulate.ts';
import { insertPastPosts, insertPastReadings } from './write-past.ts';

/**
 * Gives an account the readings it would have had, had tracking begun earlier: older readings are added, the account's start
 * moves back, and its books are made anew from all its readings. All in one transaction: killed before, nothing has happened.
 */
export async function backfill(simulation: Simulation, account: TrackedAccount): Promise<void> {
  const past = await pastRuns(simulation, account);
  if (past.profile.length === 0 && account.firstReadAt === null) return;
  const ref = { organizationId: simulation.organizationId, accountId: account.accountId };
  await repeatable(simulation.db, async (trx) => {
    await rebuildAccount(trx, ref, async () => {
      const postIds = await insertPastPosts(trx, account.profileId, past);
      await insertPastReadings(trx, account.profileId, past, postIds);
      const firstRefreshAt = past.profile[0]?.readAt ?? null;
      await moveStartBack(trx, ref, { startAt: simulation.startAt, firstRefreshAt, lastRefreshAt: null });
      const isLimited = account.maxRecentPosts !== null || account.lookbackDays !== null;
      await holdFromTheStart(trx, ref, { isLimited, pastIds: [...postIds.values()] });
    });
  });
}
