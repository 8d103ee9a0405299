/** Which of two profiles show a post, and in which hour it was published. The first two were there before anybody looked. */
export const postPlan: { shownBy: number[]; born: number; hidesLikesFromOther?: boolean }[] = [
  { shownBy: [0], born: -30.5 },
  { shownBy: [0, 1], born: -10.5 },
  { shownBy: [0], born: 40.5 },
  { shownBy: [1], born: 60.5 },
  { shownBy: [0, 1], born: 90.5, hidesLikesFromOther: true },
];

/** A change of a post's views in some hour: platforms take views away too. */
export interface Growth {
  hour: number;
  post: number;
  by: number;
}

/** What a post shows in an hour. */
export function levelOf(growths: readonly Growth[], post: number, hour: number): { views: number; likes: number } {
  const grown = growths
    .filter((growth) => growth.post === post && growth.hour <= hour)
    .reduce((sum, { by }) => sum + by, 0);
  return { views: 1000 + grown, likes: 100 + Math.floor(grown / 10) };
}

export const followersOf = (profile: number, hour: number): number => 500 + (profile === 0 ? hour : -hour);

export const usernameOf = (prefix: string, profile: number): string => `world_${prefix}_${profile}`;
export const externalIdOf = (prefix: string, post: number): string => `9000000000${prefix}0${post}`;
