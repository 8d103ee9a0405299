import type { Server } from 'node:http';

const answerWithinMs = 5_000;
const checkEveryMs = 50;

/**
 * Closes the API: no new connections, requests in flight are answered. A connection whose request was running when the
 * closing began is kept alive by Node for the client's next one; it is closed as soon as it is idle.
 */
export async function closeApp(app: { server: Server; close(): PromiseLike<unknown> }): Promise<void> {
  const sweep = setInterval(() => app.server.closeIdleConnections(), checkEveryMs);
  const limit = setTimeout(() => app.server.closeAllConnections(), answerWithinMs);
  try {
    await app.close();
  } finally {
    clearInterval(sweep);
    clearTimeout(limit);
  }
}
