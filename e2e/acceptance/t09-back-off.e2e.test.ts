import { expect, test } from 'vitest';
import { startAcceptance } from '../support/acceptance.ts';
import { createApi } from '../support/api.ts';

const { api, KA, url, setClock, replica } = await startAcceptance({
  settings: { TALLYLINE_RATE_LIMIT: '5', TALLYLINE_ADDRESS_RATE_LIMIT: '10' },
});
const start = Date.parse('2026-03-02T09:00:00Z');
let seconds = 0;
const wait = async (more: number): Promise<void> => {
  seconds += more;
  await setClock(new Date(start + seconds * 1000).toISOString());
};
let retryAfter = 0;

test('T9.1 the sixth request of a window is refused', async () => {
  const answers = [];
  for (let i = 0; i < 6; i += 1) answers.push(await api().get('/whoami'));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 429]);
  expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual(['4', '3', '2', '1', '0', '0']);
  const refused = answers.at(-1);
  expect(refused?.body).toMatchObject({ type: 'urn:creatoraudit:error:rate-limited', code: 'RATE_LIMITED' });
  retryAfter = Number(refused?.headers.get('retry-after'));
  expect(retryAfter).toBeGreaterThanOrEqual(1);
});

test('T9.2 health and meta are exempt', async () => {
  for (const path of ['/health', '/meta']) expect((await api().get(path)).status).toBe(200);
});

test('T9.3 after Retry-After there is room again', async () => {
  await wait(retryAfter);
  expect((await api().get('/whoami')).status).toBe(200);
});

test('T9.3 two replicas count together', async () => {
  const other = createApi(await replica(), KA);
  await wait(60);
  const statuses: number[] = [];
  for (let i = 0; i < 3; i += 1) {
    statuses.push((await api().get('/whoami')).status, (await other.get('/whoami')).status);
  }
  expect(statuses).toEqual([200, 200, 200, 200, 200, 429]);
});

test('T9.4 bad keys use up their address, a good key from there does not suffer', async () => {
  await wait(60);
  const statuses: number[] = [];
  for (let i = 0; i < 12; i += 1)
    statuses.push((await createApi(url(), `tga_${String(i).padStart(64, '0')}`).get('/whoami')).status);
  expect(statuses).toEqual([...Array(10).fill(401), 429, 429]);
  expect((await api().get('/whoami')).status).toBe(200);
});
