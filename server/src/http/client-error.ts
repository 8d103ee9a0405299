import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { Problem, titleOf } from '../contract/problem.ts';
import { problemBody } from './problems.ts';

const statuses: Record<string, number> = { HPE_HEADER_OVERFLOW: 431, ERR_HTTP_REQUEST_TIMEOUT: 408 };

/** What is not even HTTP never becomes a request: the answer is written to the socket by hand. */
export function answerClientError(error: Error & { code?: string }, socket: Socket): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy();
    return;
  }
  const status = statuses[error.code ?? ''] ?? 400;
  const requestId = randomUUID();
  const problem = new Problem('BAD_REQUEST', 'The request could not be read.', { status });
  const body = JSON.stringify({ ...problemBody(problem, '', requestId), instance: null });
  const head = [
    `HTTP/1.1 ${status} ${titleOf(status)}`,
    'Content-Type: application/problem+json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-ID: ${requestId}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}
