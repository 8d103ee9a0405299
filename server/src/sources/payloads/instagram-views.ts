import type { PostCounters, ViewKind } from '../source.ts';

export interface InstagramPlays {
  /** Plays on Instagram alone. */
  igPlayCount: number | null;
  /** Plays as the payload names them; some shapes add Facebook's. */
  playCount: number | null;
  /** Views of three seconds and more. */
  legacyViewCount: number | null;
  fbPlayCount: number | null;
}

type Views = Pick<PostCounters, 'viewCount' | 'playCount' | 'igPlayCount' | 'fbPlayCount'> & {
  viewKind: ViewKind | null;
};

/** docs/adr/0003-instagram-view-numbers.md: the two numbers are never mixed, and a filler 0 is not a number. */
export function instagramViews(plays: InstagramPlays, isZeroFiller: boolean): Views {
  const given = (count: number | null): number | null => (count === 0 && isZeroFiller ? null : count);
  const igPlayCount = given(plays.igPlayCount);
  const fbPlayCount = given(plays.fbPlayCount);
  const playCount = igPlayCount ?? given(plays.playCount);
  if (playCount !== null) return { viewCount: playCount, viewKind: 'displayed', playCount, igPlayCount, fbPlayCount };
  const viewCount = given(plays.legacyViewCount);
  return { viewCount, viewKind: viewCount === null ? null : 'legacy', playCount: null, igPlayCount, fbPlayCount };
}
