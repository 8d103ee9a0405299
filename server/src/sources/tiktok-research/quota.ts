import type { DailyAllowance } from '../daily-allowance.ts';
import type { Ask } from '../tiktok-open/api.ts';

/** Asks within the day's requests. What the API says of them goes before what was counted here. */
export function within(allowance: DailyAllowance, ask: Ask): Ask {
  return async (question, options) => {
    const taken = allowance.take(1, options.now);
    if (!taken.ok) return taken;
    const reply = await ask(question, options);
    if (!reply.ok && reply.failure.code === 'quota_exhausted') allowance.exhaust(options.now);
    return reply;
  };
}
