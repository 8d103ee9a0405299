import { expect, it } from 'vitest';
import { refreshNow, refreshPostNow, systemContext, testClock, track } from '../../test/support/collecting.ts';
import { testDatabase } from '../../test/support/database.ts';
import { silentLogger } from '../../test/support/logger.ts';
import { createOrganization } from '../../test/support/organization.ts';
import { observedPost, scriptedSource } from '../../test/support/scripted-source.ts';
import { Problem } from '../contract/problem.ts';
import { updateAccount } from '../services/accounts/update-account.ts';
import { createVideo } from '../services/videos/create-video.ts';
import { deleteVideo } from '../services/videos/delete-video.ts';
import { updateVideo } from '../services/videos/update-video.ts';
import { runDoctor } from './doctor.ts';
import { rebuildRollups } from './rebuild.ts';

const { db } = await testDatabase();
const ids = ['6000000000000000001', '6000000000000000002'] as const;

/** What a client may be told when somebody else was faster. */
async function unlessTooLate(work: Promise<unknown>): Promise<void> {
  await work.catch((error: unknown) => {
    if (!(error instanceof Problem)) throw error;
  });
}

it('refreshes of a feed and of its posts, and every change of who looks, lock in one order and book the same', async () => {
  const source = scriptedSource();
  const w = { db, clock: testClock('2026-03-02T09:00:00Z'), sources: [source] };
  const organizations = [await createOrganization(db), await createOrganization(db)] as const;
  const { accountId, profileId } = await track(w, organizations[0].organizationId, 'someone');

  const videosOf = (organizationId: string) =>
    db.selectFrom('videos').select('video_id').where('organization_id', '=', organizationId).execute();
  for (let round = 0; round < 15; round += 1) {
    w.clock.add(7);
    source.script.posts = ids.map((id) =>
      observedPost(id, { viewCount: round * 10 }, { createTime: new Date('2026-02-20T00:00:00Z') }),
    );
    const isActive = round % 2 === 0;
    const changes = organizations.flatMap(({ organizationId }) => {
      const ctx = systemContext(db, organizationId, w.clock);
      const add = ids.map((identifier) => createVideo(ctx, { platform: 'instagram', identifier }));
      const change = videosOf(organizationId).then((videos) =>
        Promise.all(
          videos.map(({ video_id: videoId }, i) =>
            unlessTooLate(
              i === round % 3
                ? deleteVideo(ctx, { videoId })
                : updateVideo(ctx, { videoId, changes: { is_active: isActive } }),
            ),
          ),
        ),
      );
      return [...add, change];
    });
    const owner = systemContext(db, organizations[0].organizationId, w.clock);
    await Promise.all([
      ...changes.map(unlessTooLate),
      updateAccount(owner, { accountId, changes: { is_active: !isActive } }),
      refreshNow(w, profileId),
      ...ids.map((id) => refreshPostNow(w, id)),
      ...(round % 5 === 0 ? [rebuildRollups({ db, logger: silentLogger })] : []),
    ]);
  }
  const books = async () => ({
    videos: await db.selectFrom('videos').selectAll().orderBy('video_id').execute(),
    videoDays: await db.selectFrom('video_days').selectAll().orderBy('video_id').orderBy('day').execute(),
    accountDays: await db.selectFrom('account_days').selectAll().orderBy('day').execute(),
  });
  const before = await books();
  await rebuildRollups({ db, logger: silentLogger });
  expect(await books()).toEqual(before);
  expect(before.videoDays.length).toBeGreaterThan(5);
  expect((await runDoctor({ db })).checks.flatMap((check) => check.failures)).toEqual([]);
});
