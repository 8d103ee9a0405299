import type { Creator } from './creator.ts';
import { createdAt } from './posts.ts';

/** Ids as the platforms make them: the time in the high bits. The low bits name the creator, so a post can be found by id. */

const instagramEpochMs = 1_314_220_021_721;
const keyBits = 23n;
/** Instagram makes the id when the upload starts, some time before the post appears. */
const uploadMs = 90_000;

export function postId(creator: Creator, slot: number): string {
  const createdMs = createdAt(creator, slot);
  if (creator.platform === 'tiktok') return String((BigInt(createdMs / 1000) << 32n) | BigInt(creator.key));
  return String((BigInt(createdMs - uploadMs - instagramEpochMs) << keyBits) | BigInt(creator.key));
}

/** The slot of a post id, or null when it is not an id of this creator. */
export function slotOfPost(creator: Creator, id: string): number | null {
  if (!/^\d{1,20}$/.test(id)) return null;
  const slot = Math.floor(createdMsOf(creator.platform, id) / creator.slotMs);
  return postId(creator, slot) === id ? slot : null;
}

export function creatorKeyOf(platform: Creator['platform'], id: string): number {
  return Number(BigInt(id) & (platform === 'tiktok' ? 0xffffffffn : 0x7fffffn));
}

function createdMsOf(platform: Creator['platform'], id: string): number {
  if (platform === 'tiktok') return Number(BigInt(id) >> 32n) * 1000;
  return Number(BigInt(id) >> keyBits) + instagramEpochMs + uploadMs;
}
