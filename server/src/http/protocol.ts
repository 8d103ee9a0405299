import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Problem } from '../contract/problem.ts';

// What Node would refuse by itself, without a problem and a request id. The server is made with `requireHostHeader: false`.

/** Lets requests with an `Expect` that Node does not know become requests, for refuseProtocol to answer. */
export function takeUnknownExpectations({ server }: FastifyInstance): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Refuses HTTP/1.1 without Host (RFC 9112 §3.2) and expectations other than `100-continue`. */
export function refuseProtocol({ raw, headers }: FastifyRequest): void {
  if (raw.httpVersion === '1.1' && headers.host === undefined) {
    throw new Problem('BAD_REQUEST', 'The header Host is missing.');
  }
  if (headers.expect !== undefined && !/\b100-continue\b/i.test(headers.expect)) {
    throw new Problem('BAD_REQUEST', 'The only expectation that can be met is 100-continue.');
  }
}
