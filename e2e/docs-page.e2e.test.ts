import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { newDataDir } from './support/data-dir.ts';
import { startServer } from './support/server.ts';

const browserPaths = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];
const executablePath = process.env.TALLYLINE_TEST_BROWSER ?? browserPaths.find((path) => existsSync(path));
const note = executablePath === undefined ? ' [skipped: no Chromium found]' : '';

describe.skipIf(executablePath === undefined)(`the API reference page${note}`, () => {
  it('shows every operation, asks nobody but this server for anything, and is dark where the reader is', async () => {
    const server = await startServer({ dataDir: newDataDir() });
    const browser = await chromium.launch({ executablePath: executablePath ?? '', args: ['--no-sandbox'] });
    onTestFinished(() => browser.close());
    const page = await browser.newPage();
    const foreign: string[] = [];
    const problems: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(server.url) && !request.url().startsWith('data:')) foreign.push(request.url());
    });
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()));

    await page.goto(`${server.url}/v2/docs`);
    const document = (await (await fetch(`${server.url}/v2/openapi.json`)).json()) as { paths: object };
    const paths = Object.keys(document.paths);
    await page.locator('.opblock').first().waitFor();
    const text = await page.locator('body').innerText();
    // A path may be broken by invisible spaces, so that long ones wrap.
    const shown = text.replaceAll('\u200B', '');
    expect(paths.filter((path) => !shown.includes(path))).toEqual([]);
    expect(foreign).toEqual([]);
    expect(problems).toEqual([]);

    const paper = (): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');
    await page.emulateMedia({ colorScheme: 'light' });
    await expect.poll(paper).toBe('rgb(251, 252, 251)');
    await page.emulateMedia({ colorScheme: 'dark' });
    await expect.poll(paper).toBe('rgb(21, 26, 24)');
    // The style follows at once, the class a moment later.
    await page.locator('html.dark-mode .opblock').first().waitFor();
  });
});
