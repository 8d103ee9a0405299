import { describe, expect, it } from 'vitest';
import { ConfigError } from '../config.ts';
import { invalid, notFound } from '../contract/problem.ts';
import { describeFailure } from './failures.ts';
import { table } from './output.ts';

describe('describeFailure', () => {
  it('gives wrong use 2 and a failure 1, in one line each', () => {
    expect(describeFailure(notFound('organization'))).toEqual({
      exitCode: 1,
      lines: ['There is no such organization.'],
    });
    const wrong = invalid([
      { field: 'name', message: 'is required' },
      { field: 'scopes', message: 'must be among: read' },
    ]);
    expect(describeFailure(wrong)).toEqual({ exitCode: 2, lines: ['name is required; scopes must be among: read'] });
    expect(describeFailure(new Error('disk full'))).toEqual({ exitCode: 1, lines: ['disk full'] });
  });

  it('lists every problem of the configuration', () => {
    const failure = describeFailure(new ConfigError(['A is wrong', 'B is wrong']));
    expect(failure).toEqual({
      exitCode: 2,
      lines: ['The configuration has 2 problems:', '  A is wrong', '  B is wrong'],
    });
  });

  it('says something about an error without a message', () => {
    expect(describeFailure(new AggregateError([], '')).lines).toEqual(['Unknown error']);
  });
});

it('table lines its columns up', () => {
  expect(
    table(
      ['ID', 'NAME'],
      [
        ['1', 'a'],
        ['22', 'bb'],
      ],
    ),
  ).toEqual(['ID  NAME', '1   a', '22  bb']);
});
