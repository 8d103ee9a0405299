import { type Creator, dayMs } from './creator.ts';
import { createRandom, mix, type Random } from './random.ts';

/** Creators archive what is older than this: a profile shows the same number of posts whatever year it is. */
export const shownDays = 400;

export type PostKind = 'video' | 'image' | 'carousel';

/** Everything about a post that never changes. Its counters are a function of this and of the time. */
export interface Post {
  slot: number;
  createdMs: number;
  kind: PostKind;
  durationSeconds: number;
  caption: string;
  /** What the views would come to after an endless time. */
  finalViews: number;
  fastDays: number;
  slowDays: number;
  /** A second life: so many times the final views, around that age. 0 = none. */
  viralBoost: number;
  viralAtDays: number;
  likeRate: number;
  commentRate: number;
  shareRate: number;
  saveRate: number;
  hidesLikes: boolean;
  /** The platform takes back a share of views and likes at this time: the only moment at which counters fall. */
  correctedAtMs: number | null;
  correctedShare: number;
}

const second = 1000;

/** When the post of a slot is published. Cheap: asked for every slot of a profile. */
export function createdAt(creator: Creator, slot: number): number {
  const jitter = 0.05 + 0.9 * (mix(creator.seed, slot) / 4294967296);
  return Math.floor(((slot + jitter) * creator.slotMs) / second) * second;
}

/** When it is deleted: one post in thirty, 1 to 100 days after it was published. */
export function deletedAt(creator: Creator, slot: number): number | null {
  const draw = mix(mix(creator.seed, slot), 0xde1e7e);
  if (draw % 30 !== 0) return null;
  return createdAt(creator, slot) + (1 + ((draw >>> 8) % 100)) * dayMs;
}

export function postOf(creator: Creator, slot: number): Post {
  const random = createRandom(mix(mix(creator.seed, slot), 0x9057));
  const createdMs = createdAt(creator, slot);
  const isViral = random.chance(creator.handle.isViral ? 0.5 : 0.025);
  const isCorrected = random.chance(0.04);
  return {
    slot,
    createdMs,
    kind: kindOf(creator, random),
    durationSeconds: Math.floor(random.logNormal(28, 0.7) * second) / second + 3,
    caption: captionOf(random),
    finalViews: Math.max(20, creator.typicalViews * random.logNormal(1, 0.9)),
    fastDays: random.between(0.4, 2.5),
    slowDays: random.between(25, 90),
    viralBoost: isViral ? random.between(6, 60) : 0,
    viralAtDays: random.between(2, 25),
    likeRate: creator.likeRate * random.logNormal(1, 0.3),
    commentRate: random.logNormal(0.002, 0.8),
    shareRate: random.logNormal(0.0015, 0.9),
    saveRate: random.logNormal(0.003, 0.7),
    hidesLikes: creator.hidesLikes || random.chance(0.01),
    correctedAtMs: isCorrected ? createdMs + Math.floor(random.between(5, 60) * dayMs) : null,
    correctedShare: random.between(0.02, 0.15),
  };
}

function kindOf(creator: Creator, random: Random): PostKind {
  const draw = random.unit();
  const videos = creator.platform === 'tiktok' ? 0.92 : 0.6;
  if (draw < videos) return 'video';
  return draw < videos + (1 - videos) / 2 ? 'carousel' : 'image';
}

function captionOf(random: Random): string {
  const words = Array.from({ length: random.whole(2, 6) }, () => random.pick(phrases));
  return `${words.join(' ')} #${random.pick(tags)} #${random.pick(tags)}`;
}

const phrases = [
  'day one',
  'again',
  'you asked for it',
  'wait for it',
  '第二部分',
  'in the rain',
  'almost perfect',
  'no cuts',
  'part two',
  'ohne Worte',
  '☕️',
  'first try',
  'before & after',
  'what I learned',
  '🔥🔥',
  'así quedó',
  'one pan',
] as const;
const tags = [
  'fyp',
  'behindthescenes',
  'recipe',
  'running',
  'diy',
  'smallbusiness',
  'learnontiktok',
  'reels',
  'études',
] as const;
