import type { Platform } from '../source.ts';
import type { Handle } from './handles.ts';
import { createRandom, hashText, type Random } from './random.ts';

export const dayMs = 86_400_000;

/** Everything about a creator that never changes. */
export interface Creator {
  platform: Platform;
  handle: Handle;
  seed: number;
  /** The platform's numeric id. */
  userId: string;
  /** 23 bits that every post id of this creator carries. */
  key: number;
  name: string;
  biography: string;
  link: string | null;
  isVerified: boolean;
  joinedSeconds: number;
  followersPeak: number;
  followingCount: number;
  /** The middle and the width of the S that the followers grow along. */
  growthMiddleMs: number;
  growthWidthMs: number;
  /** One post falls in every slot of this length. */
  slotMs: number;
  /** Median views of a post. */
  typicalViews: number;
  likeRate: number;
  hidesLikes: boolean;
  crossPostsToFacebook: boolean;
  /** Of every so many slots the post of one is a candidate for the top of the profile; 0 = never pins. */
  pinEvery: number;
}

export function createCreator(worldSeed: number, platform: Platform, handle: Handle): Creator {
  const seed = hashText(`${platform}:${handle.identity}`, worldSeed);
  const random = createRandom(seed);
  const joinedSeconds = Math.floor(random.between(Date.UTC(2014, 0, 1), Date.UTC(2024, 0, 1)) / 1000);
  const followersPeak = Math.floor(Math.min(300e6, Math.max(80, random.logNormal(30_000, 1.9))));
  const name = `${random.pick(firstNames)} ${random.pick(lastNames)}`;
  return {
    platform,
    handle,
    seed,
    userId: userId(platform, joinedSeconds, seed, hashText(`${handle.identity}:${platform}`, worldSeed)),
    key: seed & 0x7fffff,
    name,
    biography: `${random.pick(bios)} · simulated by Tallyline`,
    link: random.chance(0.4) ? `https://example.com/${handle.identity}` : null,
    isVerified: followersPeak > 500_000 ? random.chance(0.8) : random.chance(0.03),
    joinedSeconds,
    followersPeak,
    followingCount: Math.floor(Math.min(7500, random.logNormal(350, 1))),
    growthMiddleMs: random.between(Date.UTC(2025, 0, 1), Date.UTC(2028, 0, 1)),
    growthWidthMs: random.between(180, 700) * dayMs,
    slotMs: slotLength(random),
    typicalViews: followersPeak * random.logNormal(platform === 'tiktok' ? 0.25 : 0.12, 0.6),
    likeRate: random.between(0.02, 0.12),
    hidesLikes: handle.hidesLikes || random.chance(0.03),
    crossPostsToFacebook: random.chance(0.25),
    pinEvery: random.chance(0.4) ? random.whole(8, 40) : 0,
  };
}

/** 20 to 120 posts fit into the 400 days that a profile shows; most creators post every four to eight days. */
function slotLength(random: Random): number {
  const posts = Math.min(120, Math.max(20, random.logNormal(65, 0.45)));
  return Math.round((400 * dayMs) / posts);
}

/**
 * TikTok's ids begin with the time of joining; Instagram's are counters. The second hash keeps apart those few among many
 * thousands whose seeds are the same: an id is one person.
 */
function userId(platform: Platform, joinedSeconds: number, seed: number, hash: number): string {
  if (platform === 'tiktok') return String((BigInt(joinedSeconds) << 32n) | BigInt(hash));
  return String(1_000_000_000 + seed * 4096 + (hash % 4096));
}

const firstNames = [
  'Ada',
  'Bao',
  'Chiara',
  'Dario',
  'Elif',
  'Femi',
  'Grace',
  'Hana',
  'Ivo',
  'Júlia',
  'Kofi',
  'Lena',
] as const;
const lastNames = [
  'Almeida',
  'Brandt',
  'Chen',
  'Duarte',
  'Eze',
  'Fontaine',
  'Gupta',
  'Haddad',
  'Ito',
  'Kowalska',
] as const;
const bios = [
  'Slow food, fast cuts',
  'Runs before sunrise',
  'Small flat, many plants',
  'Maths on a whiteboard 🧮',
  'Vintage synths',
] as const;
