import { expect, it } from 'vitest';
import { parseFaultRules } from './fault-rules.ts';

const problemOf = (rules: unknown): string => {
  const parsed = parseFaultRules(JSON.stringify(rules));
  return parsed.ok ? 'none' : parsed.problem;
};

it('takes rules as they are written in the guide', () => {
  const rules = [
    { kind: 'rate_limited', handle: 'somebody', retryAfterSeconds: null },
    { kind: 'server_error', path: '/v3/tiktok', probability: 0.1 },
    { kind: 'login_wall', count: 3 },
  ];
  expect(parseFaultRules(JSON.stringify(rules))).toEqual({ ok: true, rules });
  expect(parseFaultRules('[]')).toEqual({ ok: true, rules: [] });
});

it.each<[unknown, RegExp]>([
  [{ kind: 'timeout' }, /^use a JSON list/],
  [['timeout'], /^rule 1: use an object/],
  [[{ kind: 'timeout' }, { handle: 'a' }], /^rule 2: kind is missing; use one of rate_limited, /],
  [[{ kind: 'earthquake' }], /^rule 1: kind must be one of rate_limited, /],
  // A restriction that is misspelt or of another type would be none.
  [
    [{ kind: 'timeout', handel: 'a' }],
    /^rule 1: there is no field handel; use kind, handle, path, probability, count,/,
  ],
  [[{ kind: 'timeout', constructor: 'a' }], /no field constructor/],
  [[{ kind: 'timeout', handle: 7 }], /^rule 1: handle must be a handle/],
  [[{ kind: 'timeout', probability: '0.5' }], /probability must be a number from 0 to 1/],
  [[{ kind: 'timeout', probability: 50 }], /probability must be a number from 0 to 1/],
  [[{ kind: 'timeout', count: 0 }], /count must be a whole number from 1/],
  [[{ kind: 'timeout', count: 1.5 }], /count must be a whole number from 1/],
  [[{ kind: 'rate_limited', retryAfterSeconds: '30' }], /retryAfterSeconds must be seconds, or null/],
])('refuses %j with what is wrong and what is allowed', (rules, problem) => {
  expect(problemOf(rules)).toMatch(problem);
});

it('refuses text that is no JSON', () => {
  expect(parseFaultRules('[{')).toMatchObject({ ok: false });
});
