/** Whole seconds in UTC, `2026-03-02T09:00:00Z` (§2.1). */
export const timestamp = (at: Date): string => `${at.toISOString().slice(0, 19)}Z`;

export const timestampOrNull = (at: Date | null): string | null => (at === null ? null : timestamp(at));
