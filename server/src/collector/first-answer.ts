import type { Failure, Result, Source } from '../sources/source.ts';

/** Outcomes that say something about the profile or post itself: another source would not know better. */
const definite = new Set<Failure['code']>(['private', 'restricted']);
const missing = new Set<Failure['code']>(['not_found', 'removed_post']);

export const isDefinite = ({ code }: Failure): boolean => definite.has(code);
export const isMissing = ({ code }: Failure): boolean => missing.has(code);

/**
 * Asks the sources in order; the first that answers wins. Fails with a definite outcome, else with the first failure that
 * leaves hope: not_found is believed when every source says so, since Instagram Graph says it of personal accounts too.
 */
export async function firstAnswer<T>(
  sources: readonly Source[],
  ask: (source: Source) => Promise<Result<T>>,
  noSource: string,
): Promise<Result<T>> {
  const failures: Failure[] = [];
  for (const source of sources) {
    const result = await ask(source);
    if (result.ok) return result;
    failures.push(result.failure);
    if (isDefinite(result.failure)) return result;
  }
  const failure = failures.find((each) => !isMissing(each)) ??
    failures[0] ?? { code: 'permission_missing', message: noSource };
  return { ok: false, failure };
}
