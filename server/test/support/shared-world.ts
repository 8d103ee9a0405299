import type { Kysely } from 'kysely';
import type { Database } from '../../src/database/tables.ts';
import { createAccount } from '../../src/services/accounts/create-account.ts';
import { deleteAccount } from '../../src/services/accounts/delete-account.ts';
import { updateAccount } from '../../src/services/accounts/update-account.ts';
import { createVideo } from '../../src/services/videos/create-video.ts';
import { deleteVideo } from '../../src/services/videos/delete-video.ts';
import { updateVideo } from '../../src/services/videos/update-video.ts';
import { type Collecting, refreshNow, refreshPostNow, systemContext, testClock } from './collecting.ts';
import { externalIdOf, type Growth, levelOf, postPlan, usernameOf } from './shared-plan.ts';
import { sharedSource } from './shared-source.ts';

/** Who tracks something, since which hour, and which readings are its own: subject (post, or −1 the profile) → hours. */
export interface Holder {
  id: string;
  since: number;
  isActive: boolean;
  isDeleted: boolean;
  own: Map<number, Set<number>>;
}

export const ofProfile = -1;

/** What a reading of a post showed. */
export interface Seen {
  views: number;
  likes: number | null;
}

/**
 * Two profiles with posts of their own and common ones, an organization that tracks some of it, and a plain account of who read
 * what when. Production must agree with that account, which uses none of its arithmetic.
 */
export interface SharedWorld extends Collecting {
  organizationId: string;
  prefix: string;
  growths: readonly Growth[];
  hour: number;
  accounts: (Holder | null)[];
  videos: (Holder | null)[];
  /** Per post, hour → what was seen. */
  seen: Map<number, Seen>[];
}

const hourMs = 3_600_000;

export function newWorld(
  db: Kysely<Database>,
  organizationId: string,
  number: number,
  start: string,
  growths: readonly Growth[],
): SharedWorld {
  const prefix = String(number).padStart(4, '0');
  const clock = testClock(start);
  return {
    db,
    clock,
    organizationId,
    prefix,
    growths,
    hour: 0,
    accounts: [null, null],
    videos: postPlan.map(() => null),
    seen: postPlan.map(() => new Map()),
    sources: [sharedSource(prefix, Date.parse(start), growths)],
  };
}

export const contextOf = ({ db, organizationId, clock }: SharedWorld) => systemContext(db, organizationId, clock);

export function passTime(world: SharedWorld, hours: number): void {
  world.hour += hours;
  world.clock.set(new Date(world.clock.now().getTime() + hours * hourMs));
}

/** Begins to track a profile, ends it, or brings it back. */
export async function toggleAccount(world: SharedWorld, profile: number): Promise<void> {
  const held = world.accounts[profile] ?? null;
  const ctx = contextOf(world);
  if (held !== null && !held.isDeleted) {
    held.isDeleted = true;
    return deleteAccount(ctx, { accountId: held.id });
  }
  const username = usernameOf(world.prefix, profile);
  const { account_id: id } = await createAccount(ctx, { platform: 'instagram', username });
  world.accounts[profile] = begun(held, id, world.hour);
}

/** The same for a post. */
export async function toggleVideo(world: SharedWorld, post: number): Promise<void> {
  const held = world.videos[post] ?? null;
  const ctx = contextOf(world);
  if (held !== null && !held.isDeleted) {
    held.isDeleted = true;
    return deleteVideo(ctx, { videoId: held.id });
  }
  const identifier = externalIdOf(world.prefix, post);
  const { video_id: id } = await createVideo(ctx, { platform: 'instagram', identifier });
  world.videos[post] = begun(held, id, world.hour);
}

function begun(before: Holder | null, id: string, since: number): Holder {
  return before === null
    ? { id, since, isActive: true, isDeleted: false, own: new Map() }
    : { ...before, isActive: true, isDeleted: false };
}

/** Pauses or resumes. */
export async function switchAccount(world: SharedWorld, profile: number): Promise<void> {
  const held = world.accounts[profile];
  if (!held || held.isDeleted) return;
  held.isActive = !held.isActive;
  await updateAccount(contextOf(world), { accountId: held.id, changes: { is_active: held.isActive } });
}

export async function switchVideo(world: SharedWorld, post: number): Promise<void> {
  const held = world.videos[post];
  if (!held || held.isDeleted) return;
  held.isActive = !held.isActive;
  await updateVideo(contextOf(world), { videoId: held.id, changes: { is_active: held.isActive } });
}

/** Reads a profile with its posts, whoever looks. */
export async function readFeed(world: SharedWorld, profile: number): Promise<void> {
  const profileId = await profileIdOf(world, profile);
  if (profileId === null) return;
  const shown = [...postPlan.keys()].filter((post) => isShown(world, post, profile));
  const looking = (await Promise.all(shown.map((post) => isLooking(world, post, profileId)))).map((looks, i) =>
    looks ? world.videos[shown[i] ?? -1] : null,
  );
  await refreshNow(world, profileId);
  const account = world.accounts[profile];
  if (account && looks(account)) note(account, ofProfile, world.hour);
  for (const [i, post] of shown.entries()) {
    const hasLikes = !(profile === 1 && postPlan[post]?.hidesLikesFromOther === true);
    const { views, likes } = levelOf(world.growths, post, world.hour);
    world.seen[post]?.set(world.hour, { views, likes: hasLikes ? likes : null });
    for (const holder of [account, looking[i]]) if (holder && looks(holder)) note(holder, post, world.hour);
  }
}

/** Reads a post on its own, if anybody wants it. */
export async function readPost(world: SharedWorld, post: number): Promise<void> {
  const video = world.videos[post];
  if (!video || !looks(video) || world.hour < (postPlan[post]?.born ?? 0)) return;
  await refreshPostNow(world, externalIdOf(world.prefix, post));
  const profileId = await linkOf(world, post);
  const linked = await world.db
    .selectFrom('videos')
    .select('profile_id')
    .where('video_id', '=', video.id)
    .executeTakeFirstOrThrow();
  if (linked.profile_id === profileId) note(video, post, world.hour);
  for (const [profile, account] of world.accounts.entries()) {
    const holds = account !== null && looks(account) && account.own.has(post);
    if (holds && (await profileIdOf(world, profile)) === profileId) note(account, post, world.hour);
  }
  world.seen[post]?.set(world.hour, levelOf(world.growths, post, world.hour));
}

const looks = (holder: Holder): boolean => holder.isActive && !holder.isDeleted;

function note(holder: Holder, subject: number, hour: number): void {
  holder.own.set(subject, new Set([...(holder.own.get(subject) ?? []), hour]));
}

function isShown(world: SharedWorld, post: number, profile: number): boolean {
  const plan = postPlan[post];
  return plan !== undefined && plan.shownBy.includes(profile) && plan.born <= world.hour;
}

async function profileIdOf({ db, prefix }: SharedWorld, profile: number): Promise<number | null> {
  const row = await db
    .selectFrom('profile_handles')
    .select('profile_id')
    .where('username', '=', usernameOf(prefix, profile))
    .executeTakeFirst();
  return row?.profile_id ?? null;
}

/** Whether a reading of the profile's feed is one for the video of this post: it is of that profile, or of none yet. */
async function isLooking(world: SharedWorld, post: number, profileId: number): Promise<boolean> {
  const video = world.videos[post];
  if (!video || !looks(video)) return false;
  const link = await linkOf(world, post);
  return link === null || link === profileId;
}

async function linkOf({ db, prefix }: SharedWorld, post: number): Promise<number | null> {
  const row = await db
    .selectFrom('tracked_posts')
    .select('profile_id')
    .where('external_id', '=', externalIdOf(prefix, post))
    .executeTakeFirst();
  return row?.profile_id ?? null;
}
