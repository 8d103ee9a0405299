interface Plays {
  view_count: number | null;
  play_count: number | null;
  fb_play_count: number | null;
  ig_play_count: number | null;
}

/**
 * Views and plays on Instagram and Facebook together (contract v2 §4.2), as whole counts; null where the number itself is unknown.
 * Facebook's plays are added unless they may be in the numbers already: a play count whose share of Instagram is not
 * known (docs/adr/0014-plays-with-and-without-facebook.md).
 */
export function onAllSurfaces(plays: Plays): { total_views: number | null; total_plays: number | null } {
  const { view_count, play_count, fb_play_count, ig_play_count } = plays;
  const mayIncludeFacebook = play_count !== null && ig_play_count === null;
  const others = mayIncludeFacebook ? 0 : (fb_play_count ?? 0);
  const total = (count: number | null) => (count === null ? null : count + others);
  return { total_views: total(view_count), total_plays: total(play_count) };
}
