import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { closeApp } from './close-app.ts';

it('answers the request in flight, then closes its kept-alive connection at once', async () => {
  const arrived = Promise.withResolvers<void>();
  const mayAnswer = Promise.withResolvers<void>();
  const server: Server = createServer({ keepAliveTimeout: 60_000 }, (_request, response) => {
    arrived.resolve();
    void mayAnswer.promise.then(() => response.end('done'));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const answer = fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/`);
  await arrived.promise;

  const startedAt = performance.now();
  const closing = closeApp({ server, close: promisify(server.close.bind(server)) });
  mayAnswer.resolve();
  expect(await (await answer).text()).toBe('done');
  await closing;
  expect(performance.now() - startedAt).toBeLessThan(2_000);
});
