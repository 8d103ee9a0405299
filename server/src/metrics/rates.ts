/**
 * `numerator / denominator × 100` with 2 decimals, half away from zero. Exact for integers of any size: the rounding is
 * done on integers, so 1.005 % is not lost to binary fractions. The denominator is not 0.
 */
function roundedPercent(numerator: number, denominator: number): number {
  const top = BigInt(numerator) * 10_000n;
  const bottom = BigInt(denominator);
  const isNegative = top < 0n !== bottom < 0n;
  const positiveTop = top < 0n ? -top : top;
  const positiveBottom = bottom < 0n ? -bottom : bottom;
  const hundredths = Number((positiveTop * 2n + positiveBottom) / (positiveBottom * 2n));
  return isNegative && hundredths !== 0 ? -hundredths / 100 : hundredths / 100;
}

/** Likes + comments + shares; a missing part counts 0, all missing is null (contract v2 §3). */
export function engagement(likes: number | null, comments: number | null, shares: number | null): number | null {
  if (likes === null && comments === null && shares === null) return null;
  return (likes ?? 0) + (comments ?? 0) + (shares ?? 0);
}

/** Engagement / views × 100 with 2 decimals; null when either is unknown or views is not above 0 (contract v2 §3). */
export function engagementRate(engaged: number | null, views: number | null): number | null {
  if (engaged === null || views === null || views <= 0) return null;
  return roundedPercent(engaged, views);
}

/**
 * `(current - previous) / |previous| × 100` with 2 decimals; null when either is unknown or previous is 0 (contract v2 §3).
 * Figures are integers or rates with 2 decimals.
 */
export function percentChange(current: number | null, previous: number | null): number | null {
  if (current === null || previous === null || previous === 0) return null;
  const isWhole = Number.isInteger(current) && Number.isInteger(previous);
  const [now, before] = isWhole ? [current, previous] : [Math.round(current * 100), Math.round(previous * 100)];
  return roundedPercent(now - before, Math.abs(before));
}
