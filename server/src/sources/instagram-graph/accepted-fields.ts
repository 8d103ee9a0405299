import type { Wanted } from './fields.ts';

/** How long a refused field is left out. A trial costs a request or two of 200 per hour; without it numbers stay unknown. */
const retryAfterMs = 3_600_000;

export interface AcceptedFields {
  /** What to ask for at this time: everything, or what was accepted in place of a set that was refused a while ago. */
  at(nowMs: number): readonly string[];
  /** Keeps what was accepted after a refusal. */
  keep(accepted: readonly string[], nowMs: number): void;
}

/** The memory of one expansion: what is refused in profiles says nothing of media. */
export function createAcceptedFields({ documented }: Wanted): AcceptedFields {
  let kept: { fields: readonly string[]; untilMs: number } = { fields: documented, untilMs: 0 };
  return {
    at: (nowMs) => (nowMs < kept.untilMs ? kept.fields : documented),
    keep(fields, nowMs) {
      kept = { fields, untilMs: nowMs + retryAfterMs };
    },
  };
}

/**
 * What to ask for after a refusal: all but the field that the message names, or the minimal set when it names none or
 * several; null when there is nothing left to leave out.
 */
export function withoutRefused(
  asked: readonly string[],
  { minimal }: Wanted,
  message: string,
): readonly string[] | null {
  const words = new Set(message.match(/\w+/g));
  const dispensable = asked.filter((field) => !minimal.includes(field));
  const named = dispensable.filter((field) => words.has(field));
  if (dispensable.length === 0) return null;
  return named.length === 1 ? asked.filter((field) => field !== named[0]) : minimal;
}
