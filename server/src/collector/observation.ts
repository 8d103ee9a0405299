import type { PlatformIds } from '../services/profiles/platform-ids.ts';
import type { Failure, ObservedPost, ObservedProfile, RefusedItem } from '../sources/source.ts';

/** What one refresh brought home from one source. */
export interface Observation {
  source: string;
  /** What the source knows the profile by, and other sources that mean the same one. */
  ids: PlatformIds;
  profile: ObservedProfile;
  posts: ObservedPost[];
  refused: RefusedItem[];
  /** Why not all posts were read; what was read still counts, but the refresh is tried again. null = complete. */
  incomplete: Failure | null;
  /** The bound on pages ended it: older posts were not asked for. */
  isCut: boolean;
  /** Set when the answer is doubtful: what the source failed with that may have a better one later. */
  elsewhere: Failure | null;
}
