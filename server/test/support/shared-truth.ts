import { followersOf, postPlan } from './shared-plan.ts';
import { type Holder, ofProfile, type Seen, type SharedWorld } from './shared-world.ts';

interface DayTruth {
  views: number | null;
  likes: number | null;
  followers: number | null;
}

/** Day number from the world's first day → what the organization gained. A day without a reading has no entry. */
export function truthOf(world: SharedWorld): Map<number, DayTruth> {
  const days = new Map<number, DayTruth>();
  const holders = [...world.accounts, ...world.videos].flatMap((holder) =>
    holder?.isDeleted === false ? [holder] : [],
  );
  for (let day = 0; day <= dayOf(world.hour); day += 1) {
    const isRead = holders.some(({ own }) => [...own.values()].some((hours) => hasHourOn(hours, day)));
    if (!isRead) continue;
    days.set(day, {
      views: gainOn(world, holders, day, 'views'),
      likes: gainOn(world, holders, day, 'likes'),
      followers: followersOn(world, day),
    });
  }
  return days;
}

const dayOf = (hour: number): number => Math.floor(hour / 24);
const hasHourOn = (hours: Iterable<number>, day: number): boolean => [...hours].some((hour) => dayOf(hour) === day);

/** The sum over posts of L(end of day) - L(before the day); null when no post's metric was read that day. */
function gainOn(world: SharedWorld, holders: readonly Holder[], day: number, metric: keyof Seen): number | null {
  let sum: number | null = null;
  for (const post of postPlan.keys()) {
    const holding = holders.filter(({ own }) => own.has(post));
    const start = Math.min(...holding.map(({ since }) => since));
    const born = postPlan[post]?.born ?? 0;
    const read = [...new Set(holding.flatMap(({ own }) => [...(own.get(post) ?? [])]))]
      .sort((a, b) => a - b)
      .flatMap((hour) => {
        const value = world.seen[post]?.get(hour)?.[metric] ?? null;
        return value === null ? [] : [{ hour, value }];
      });
    const baseline = born >= start ? 0 : (read[0]?.value ?? 0);
    const levelBefore = (end: number) => read.findLast(({ hour }) => hour < end)?.value ?? baseline;
    if (
      !hasHourOn(
        read.map(({ hour }) => hour),
        day,
      )
    )
      continue;
    sum = (sum ?? 0) + levelBefore((day + 1) * 24) - levelBefore(day * 24);
  }
  return sum;
}

/** The sum of every profile's latest level; null when no profile was read that day. */
function followersOn(world: SharedWorld, day: number): number | null {
  const accounts = world.accounts.flatMap((account, profile) =>
    account === null || account.isDeleted ? [] : [{ profile, hours: [...(account.own.get(ofProfile) ?? [])] }],
  );
  if (!accounts.some(({ hours }) => hasHourOn(hours, day))) return null;
  return accounts.reduce((sum, { profile, hours }) => {
    const last = hours.findLast((hour) => dayOf(hour) <= day);
    return last === undefined ? sum : sum + followersOf(profile, last);
  }, 0);
}
