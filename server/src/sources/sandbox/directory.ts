import type { Platform } from '../source.ts';
import type { Creator } from './creator.ts';
import { currentName } from './handles.ts';
import { creatorKeyOf } from './post-ids.ts';
import type { ProfileAt, World } from './world.ts';

/** Who was ever looked at, by id: ids are hashes, so a name has to be seen before its id means something. */
export interface Directory {
  remember(profile: ProfileAt): void;
  byUserId(platform: Platform, userId: string, timeMs: number): ProfileAt | null;
  /** Whoever could have written a post with this id. */
  byPostId(platform: Platform, postId: string, timeMs: number): ProfileAt[];
}

const mostEntries = 200_000;

export function createDirectory(world: World): Directory {
  const identities = new Map<string, string>();
  const keys = new Map<string, Set<string>>();
  const look = (platform: Platform, identity: string | undefined, timeMs: number): ProfileAt | null =>
    identity === undefined ? null : world.profile(platform, currentName(identity, timeMs), timeMs);
  return {
    remember({ creator }) {
      const id = `${creator.platform}:${creator.userId}`;
      if (identities.has(id)) return;
      if (identities.size >= mostEntries) {
        identities.clear();
        keys.clear();
      }
      identities.set(id, creator.handle.identity);
      const key = keyOf(creator);
      keys.set(key, (keys.get(key) ?? new Set()).add(creator.handle.identity));
    },
    byUserId: (platform, userId, timeMs) => look(platform, identities.get(`${platform}:${userId}`), timeMs),
    byPostId(platform, postId, timeMs) {
      const candidates = keys.get(`${platform}:${creatorKeyOf(platform, postId)}`) ?? [];
      return [...candidates].flatMap((identity) => look(platform, identity, timeMs) ?? []);
    },
  };
}

const keyOf = (creator: Creator): string => `${creator.platform}:${creator.key}`;
