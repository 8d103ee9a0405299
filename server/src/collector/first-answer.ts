import type { Failure, Result, Source } from '../sources/source.ts';

/** Outcomes that say something about the profile or post itself: another source would not know better. */
const definite = new Set<Failure['code']>(['private', 'restricted']);
const missing = new Set<Failure['code']>(['not_found', 'removed_post']);

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
    if (definite.has(result.failure.code)) return result;
  }
  const failure = failures.find(({ code }) => !missing.has(code)) ??
    failures[0] ?? { code: 'permission_missing', message: noSource };
  return { ok: false, failure };
}
