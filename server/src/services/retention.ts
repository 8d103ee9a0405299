/** How long the history of something deleted is kept, so that adding it again revives it. */
export const deletedRetentionDays = 30;

const dayMs = 86_400_000;

/** What was deleted before this moment is gone for good. */
export function retentionStart(now: Date): Date {
  return new Date(now.getTime() - deletedRetentionDays * dayMs);
}
