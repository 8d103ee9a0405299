import type { Failure, ObservedPost, ObservedProfile, RefusedItem } from '../sources/source.ts';

/** What one refresh brought home from one source. */
export interface Observation {
  source: string;
  profile: ObservedProfile;
  posts: ObservedPost[];
  refused: RefusedItem[];
  /** Why not all posts were read; what was read still counts, but the refresh is tried again. null = complete. */
  incomplete: Failure | null;
  /** The bound on pages ended it: older posts were not asked for. */
  isCut: boolean;
}
