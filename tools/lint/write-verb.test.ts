import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { writeVerb } from './write-verb.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const steps = {
  authorize: `authorize(ctx, 'write');`,
  parse: 'const value = parseInput(input);',
  transaction: 'await inTransaction(ctx, async (trx) => {',
  write: `await trx.deleteFrom('keys').where('id', '=', value.id).execute();`,
  version: 'await bumpVersion(trx, [ctx.organizationId]);',
  audit: `await audit(trx, ctx, { action: 'key.disable' });`,
  end: '});',
};
type Step = keyof typeof steps;
const all = Object.keys(steps) as Step[];

const verb = (names: Step[], file = 'keys/disable-key.ts') => ({
  filename: `/repo/server/src/services/${file}`,
  code: `export async function disableKey(ctx, input) {\n${names.map((name) => steps[name]).join('\n')}\n}`,
});
const without = (step: Step) => ({
  ...verb(all.filter((name) => name !== step)),
  errors: [{ message: new RegExp(`without ${step}`) }],
});

new RuleTester({ languageOptions: { sourceType: 'module' } }).run('write-verb', writeVerb, {
  valid: [
    verb(all),
    verb(['authorize', 'parse', 'transaction', 'write', 'audit', 'version', 'end']),
    verb([], 'keys/list-keys.ts'),
    verb([], 'keys/key-hash.ts'),
    verb([], 'keys/disable-key.test.ts'),
    { ...verb(all), code: verb(all).code.replace(steps.write, 'await removeKey(trx, value.id);') },
  ],
  invalid: [
    without('authorize'),
    without('parse'),
    without('write'),
    without('version'),
    without('audit'),
    {
      ...verb(['authorize', 'parse', 'version', 'audit']),
      errors: [{ message: /without transaction: .*; write/ }],
    },
    {
      ...verb(['parse', 'authorize', 'transaction', 'write', 'version', 'audit', 'end']),
      errors: [{ message: /out of order: parse → authorize/ }],
    },
    {
      ...verb(['authorize', 'parse', 'transaction', 'audit', 'write', 'version', 'end']),
      errors: [{ message: /out of order/ }],
    },
    {
      ...verb(['authorize', 'parse', 'transaction', 'version', 'write', 'audit', 'end']),
      errors: [{ message: /bumps the version before/ }],
    },
    {
      filename: '/repo/server/src/services/keys/create-key.ts',
      code: 'export const createKey = 1;',
      errors: [{ message: /exports one async function/ }],
    },
  ],
});
