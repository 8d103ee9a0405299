import { type Creator, dayMs } from './creator.ts';
import { mix } from './random.ts';

const purgeSlotMs = 60 * dayMs;
const slowestStart = 0.15;

/** Followers grow along an S. Now and then the platform removes false ones at once, and they are regained within weeks. */
export function followersAt(creator: Creator, timeMs: number): number {
  const seconds = Math.floor(timeMs / 1000) * 1000;
  const position = (seconds - creator.growthMiddleMs) / creator.growthWidthMs;
  const grown = slowestStart + (1 - slowestStart) / (1 + Math.exp(-position));
  return Math.floor(creator.followersPeak * grown * remaining(creator, seconds));
}

/** The purge in the slot of a time, or null: the only moment at which followers fall. */
export function purgeNear(creator: Creator, timeMs: number): { atMs: number; endMs: number; share: number } | null {
  const slot = Math.floor(timeMs / purgeSlotMs);
  const draw = mix(mix(creator.seed, slot), 0xf011);
  if (draw % 4 !== 0) return null;
  const atMs = Math.floor((slot + 0.1 + 0.5 * (((draw >>> 4) & 0xffff) / 0xffff)) * (purgeSlotMs / 1000)) * 1000;
  return { atMs, endMs: (slot + 1) * purgeSlotMs, share: 0.003 + 0.017 * ((draw >>> 20) / 0xfff) };
}

function remaining(creator: Creator, timeMs: number): number {
  const purge = purgeNear(creator, timeMs);
  if (purge === null || timeMs < purge.atMs) return 1;
  return 1 - purge.share * (1 - (timeMs - purge.atMs) / (purge.endMs - purge.atMs));
}
