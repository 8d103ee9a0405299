import type { Kysely } from 'kysely';
import type { Clock } from '../clock.ts';
import type { Database } from '../database/tables.ts';
import { lastResumed, type TrackedVideo } from './tracked-video.ts';

/** Taken under the locks, after every earlier reading and change of who is looking, even when clocks disagree. */
export async function momentOfReading(
  trx: Kysely<Database>,
  clock: Clock,
  profile: { confirmedAt: Date | null; runBreakAt: Date | null },
  posts: readonly { confirmedAt: Date | null }[],
  videos: readonly TrackedVideo[],
): Promise<Date> {
  const before = [profile.confirmedAt, profile.runBreakAt, await lastResumed(trx, videos)];
  for (const post of posts) before.push(post.confirmedAt);
  const after = Math.max(...before.map((time) => time?.getTime() ?? 0));
  return new Date(Math.max(clock.now().getTime(), after + 1));
}
