import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { noAmbient } from './no-ambient.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const inService = (code: string) => ({ filename: '/repo/server/src/services/accounts/get-account.ts', code });
const bad = (code: string, message: RegExp) => ({ ...inService(code), errors: [{ message }] });

new RuleTester({ languageOptions: { sourceType: 'module' } }).run('no-ambient', noAmbient, {
  valid: [
    inService('const at = ctx.clock.now();'),
    inService('const day = new Date(at.getTime() - 1);'),
    { filename: '/repo/server/src/cli/main.ts', code: 'console.log(process.env.HOME, Date.now());' },
    { filename: '/repo/server/src/services/a/a.test.ts', code: 'const at = new Date();' },
  ],
  invalid: [
    bad('const at = Date.now();', /Date\.now/),
    bad('const at = new Date();', /new Date\(\)/),
    bad('const text = Date();', /Date\(\)/),
    bad('const port = process.env.PORT;', /process\.env/),
    bad('console.log(1);', /console/),
    bad('const jitter = Math.random();', /Math\.random/),
  ],
});
