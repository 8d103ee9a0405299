import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface VendorRequest {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: IncomingHttpHeaders;
  /** What was posted; '' where nothing was. */
  body: string;
}

export interface VendorReply {
  status?: number;
  headers?: Record<string, string>;
  /** Objects are sent as JSON. null: the connection is cut. undefined: nothing is ever sent. */
  body?: string | object | null | undefined;
}

export interface VendorServer {
  url: string;
  requests: VendorRequest[];
  /** What it answers from now on. */
  answer: (request: VendorRequest) => VendorReply;
  close(): Promise<void>;
}

/** Stands in for a vendor on loopback. */
export async function startVendorServer(answer: VendorServer['answer']): Promise<VendorServer> {
  const reply = (message: IncomingMessage, response: ServerResponse, posted: string): void => {
    const url = new URL(message.url ?? '/', 'http://vendor');
    const query = Object.fromEntries(url.searchParams);
    const { method = 'GET', headers: sent } = message;
    const request = { method, path: url.pathname, query, headers: sent, body: posted };
    vendor.requests.push(request);
    const { status = 200, headers = {}, body } = vendor.answer(request);
    if (body === undefined) return;
    if (body === null) return void response.destroy();
    const isText = typeof body === 'string';
    response.writeHead(status, { ...(isText ? {} : { 'content-type': 'application/json' }), ...headers });
    response.end(isText ? body : JSON.stringify(body));
  };
  const server = createServer((message, response) => {
    if (message.method !== 'POST') return reply(message, response, '');
    text(message).then(
      (posted) => reply(message, response, posted),
      () => response.destroy(),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const vendor: VendorServer = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: [],
    answer,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
  return vendor;
}
