import { type Fields, fieldsAt, isoInstant } from '../fields.ts';
import { failed, ok } from '../outcome.ts';
import type { RequestOptions, Result } from '../source.ts';

/** Money set aside for one run. */
export interface Reservation {
  /** What it has cost in the end, in US dollars; null: nobody knows, so all of it counts as spent. */
  settle(usd: number | null): void;
}

export interface Spending {
  /** Sets aside what a run may cost at most, or refuses: then nothing was spent. */
  reserve(usd: number, options: RequestOptions): Promise<Result<Reservation>>;
}

interface Books {
  spentUsd: number;
  /** The account's own cap; null: none is named. */
  limitUsd: number | null;
  endsAt: Date;
  readAtMs: number;
}

/** The vendor books with a delay, and reading its books is a request. */
const freshForMs = 10 * 60_000;

export const booksPath = '/users/me/limits';

/**
 * Keeps the account's month below a cap, by the vendor's own books (`GET /users/me/limits`) and by what was spent from here since they
 * were read. So a restart forgets nothing. Unreadable books stop spending.
 */
export function createSpending(
  readBooks: (options: RequestOptions) => Promise<Result<Fields>>,
  capUsd: number,
): Spending {
  let books: Books | null = null;
  let reading: Promise<Result<Books>> | null = null;
  // Of this month: what the books said first, what was spent from here since, and what is set aside now.
  let month = { endsAtMs: 0, firstUsd: 0, ownUsd: 0 };
  let asideUsd = 0;

  const read = async (options: RequestOptions): Promise<Result<Books>> => {
    const found = booksOf(await readBooks(options), options.now);
    if (!found.ok) return found;
    books = found.value;
    const endsAtMs = books.endsAt.getTime();
    if (endsAtMs !== month.endsAtMs) month = { endsAtMs, firstUsd: books.spentUsd, ownUsd: 0 };
    return found;
  };
  const current = async (options: RequestOptions): Promise<Result<Books>> => {
    const nowMs = options.now.getTime();
    if (books !== null && nowMs < books.endsAt.getTime() && nowMs - books.readAtMs < freshForMs) return ok(books);
    reading ??= read(options).finally(() => {
      reading = null;
    });
    return reading;
  };

  return {
    async reserve(usd, options) {
      const known = await current(options);
      if (!known.ok) return known;
      const { spentUsd, limitUsd, endsAt } = known.value;
      const spent = Math.max(spentUsd, month.firstUsd + month.ownUsd) + asideUsd;
      const cap = Math.min(capUsd, limitUsd ?? capUsd);
      if (spent + usd > cap) {
        const message = `not asked: ${spent.toFixed(2)} of ${cap.toFixed(2)} US dollars of this month are spent or set aside`;
        return failed('quota_exhausted', message, { resetAt: endsAt });
      }
      asideUsd += usd;
      const { endsAtMs } = month;
      return ok({
        settle(actual) {
          asideUsd -= usd;
          if (endsAtMs === month.endsAtMs) month.ownUsd += actual ?? usd;
        },
      });
    },
  };
}

function booksOf(reply: Result<Fields>, now: Date): Result<Books> {
  if (!reply.ok) return reply;
  const spentUsd = dollars(fieldsAt(reply.value, 'current')?.monthlyUsageUsd);
  const endsAt = isoInstant(fieldsAt(reply.value, 'monthlyUsageCycle')?.endAt);
  if (spentUsd === null || endsAt === null)
    return failed('upstream_changed', `GET ${booksPath}: no usage of the month`);
  const limitUsd = dollars(fieldsAt(reply.value, 'limits')?.maxMonthlyUsageUsd);
  return ok({ spentUsd, limitUsd, endsAt, readAtMs: now.getTime() });
}

export const dollars = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
