import { describe, expect, test } from 'vitest';
import { parsePostedSpan, postedSpanProblems } from './posted-span.ts';

describe('the span of posting times', () => {
  test('a date is its first moment in UTC, a timestamp is taken with its zone', () => {
    expect(parsePostedSpan({ posted_after: '2026-03-02', posted_before: '2026-03-03T02:00:00+02:00' })).toEqual({
      after: new Date('2026-03-02T00:00:00Z'),
      before: new Date('2026-03-03T00:00:00Z'),
    });
    expect(parsePostedSpan({})).toEqual({ after: null, before: null });
    expect(parsePostedSpan({ posted_after: '2026-03-02T10:00:00.5Z' }).after).toEqual(
      new Date(Date.UTC(2026, 2, 2, 10, 0, 0, 500)),
    );
  });

  test.each(['yesterday', '', '2026-02-30', '2026-03-02T10:00:00', '2026-03-02T25:00:00Z', '2026-03-02 10:00:00Z', 5])(
    '%j is refused',
    (value) => {
      expect(postedSpanProblems({ posted_after: value })).toMatchObject([{ field: 'posted_after' }]);
    },
  );

  test('an empty span is refused', () => {
    const span = { posted_after: '2026-03-02', posted_before: '2026-03-02T00:00:00Z' };
    expect(postedSpanProblems(span)).toEqual([{ field: 'posted_before', message: 'must be after posted_after' }]);
    expect(postedSpanProblems({ ...span, posted_before: '2026-03-02T00:00:01Z' })).toEqual([]);
  });
});
