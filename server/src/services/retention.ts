/** How long the history of something deleted is kept, so that adding it again revives it, unless configured otherwise. */
export const defaultRetentionDays = 30;

const dayMs = 86_400_000;

/** What was deleted before this moment is gone for good. */
export function retentionStart(now: Date, retentionDays = defaultRetentionDays): Date {
  return new Date(now.getTime() - retentionDays * dayMs);
}
