import { RuleTester } from 'oxlint/plugins-dev';
import { describe, it } from 'vitest';
import { noAmbient } from './no-ambient.ts';

RuleTester.describe = describe;
RuleTester.it = it;

const at = (path: string, code: string) => ({ filename: `/repo/server/src/${path}`, code });
const inService = (code: string) => at('services/accounts/get-account.ts', code);
const bad = (code: string, ...messages: RegExp[]) => ({
  ...inService(code),
  errors: messages.map((message) => ({ message })),
});
const impure = (code: string, index: number) => ({
  ...at(index % 2 === 0 ? 'metrics/gains.ts' : 'contract/problem.ts', code),
  errors: [{ message: /(metrics|contract) may not use/ }],
});

new RuleTester({ languageOptions: { sourceType: 'module', parserOptions: { lang: 'ts' } } }).run(
  'no-ambient',
  noAmbient,
  {
    valid: [
      inService('const at = ctx.clock.now();'),
      inService('const day = new Date(at.getTime() - 1);'),
      inService('const isDate = (at: Date | string): at is Date => at instanceof Date;'),
      inService('const at = Date.UTC(2026, 0, 1) + Math.max(1, 2);'),
      inService('function f(process, console, Date) { console.log(process.env, Date.now()); }'),
      inService(`import { createHash } from 'node:crypto';`),
      inService(`import { Temporal } from 'temporal-polyfill'; const day = Temporal.PlainDate.from('2026-01-01');`),
      inService('setTimeout(() => reject(), 5);'),
      at('services/keys/key-secret.ts', `import { randomBytes } from 'node:crypto'; randomBytes(32);`),
      at('collector/start.ts', 'const { pid } = { pid: process.pid };'),
      at('metrics/gains.ts', 'const f = (a: Record<string, Timer>, b: typeof fetch) => Object.keys(a).map(Number);'),
      at('cli/main.ts', 'console.log(process.env.HOME, Date.now());'),
      at('services/a/a.test.ts', 'const at = new Date();'),
    ],
    invalid: [
      bad('const at = Date.now();', /Date\.now/),
      bad(`const at = Date['now']();`, /Date\.now/),
      bad('const { now } = Date;', /use Date:/),
      bad('const clock = { now: Date };', /use Date:/),
      bad('const at = (Date as any).now();', /Date\.now/),
      bad('const at = new Date();', /new Date\(\)/),
      bad('const text = Date();', /Date\(\)/),
      bad('const port = process.env.PORT;', /process\.env/),
      bad(`const port = process['env'].PORT;`, /process\.env/),
      bad('const { env } = process;', /use process:/),
      bad('const { pid } = process;', /use process:/),
      bad('const id = process.pid;', /process\.pid/),
      bad(`import { env } from 'process';`, /use env:/),
      bad(`import { env as settings } from 'node:process';`, /use env:/),
      bad(`import process from 'node:process';`, /use default:/),
      bad(`const process = await import('node:process');`, /import\('process'\)/),
      bad('const port = globalThis.process.env.PORT;', /globalThis/),
      bad('const at = globalThis.Date.now();', /globalThis/),
      bad('global.console.log(1);', /global\.console/),
      bad('console.log(1);', /console/),
      bad('const { log } = console;', /console/),
      bad('const ms = performance.now();', /performance/),
      bad(`import { performance as timer } from 'node:perf_hooks';`, /performance/),
      bad('const jitter = Math.random();', /Math\.random/),
      bad('const { random } = Math;', /use Math:/),
      bad('const id = crypto.randomUUID();', /crypto\.randomUUID/),
      bad('crypto.getRandomValues(bytes);', /crypto\.getRandomValues/),
      bad(`import { randomUUID } from 'node:crypto';`, /randomUUID/),
      bad(`import { randomBytes } from 'crypto';`, /randomBytes/),
      bad(`import * as crypto from 'node:crypto';`, /use \*/),
      bad(`import { Temporal } from 'temporal-polyfill'; const at = Temporal.Now.instant();`, /Temporal\.Now/),
      bad(`import { Temporal as T } from 'temporal-polyfill'; const at = T.Now.instant();`, /Now/),
      bad(`import { Temporal } from 'temporal-polyfill'; const { Now } = Temporal;`, /use Temporal:/),
      bad('class Day extends Date {}', /use Date:/),
      bad('const at = Reflect.construct(Date, []);', /Reflect\.construct/, /use Date:/),
      bad('const at = self.Date.now();', /use self\.Date/),
      bad(`const at = eval('Date.now()');`, /use eval/),
      bad(`const at = new Function('return Date.now()')();`, /use Function/),
      ...['fetch(``);', 'setTimeout(() => 1, 5);', 'setInterval(() => 1, 5);', 'queueMicrotask(() => 1);'].map(impure),
      ...['new WebSocket(``);', 'new XMLHttpRequest();', 'setImmediate(() => 1);', 'const get = fetch;'].map(impure),
      bad('const at = Temporal.Now.instant();', /Temporal\.Now/),
    ],
  },
);
