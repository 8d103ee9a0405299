import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Directory, createDirectory } from './directory.ts';
import { type FaultRule, parseFaultRules } from './fault-rules.ts';
import { createFaults, type Faults } from './faults.ts';
import { answerFault } from './fault-answers.ts';
import { type Route, routes, type Surroundings } from './routes.ts';
import { createWorld, type World } from './world.ts';

/** The simulated time of a request, in ISO 8601. */
export const timeHeader = 'x-sandbox-time';
/** Whom a request by id is about. */
export const handleHeader = 'x-sandbox-handle';

export interface SandboxServerOptions {
  seed: string;
  /** Posts per page. The vendor's pages are smaller; large ones make a refresh cheap. */
  pageSize?: number;
  port?: number;
  faults?: readonly FaultRule[];
}

export interface SandboxServer {
  url: string;
  faults: Faults;
  close(): Promise<void>;
}

const defaultPageSize = 50;
const faultsPath = '/_sandbox/faults';

/** Serves the world on loopback in the wire format of ScrapeCreators. */
export async function startSandboxServer(options: SandboxServerOptions): Promise<SandboxServer> {
  const world: World = createWorld(options.seed);
  const directory: Directory = createDirectory(world);
  const faults = createFaults(options.seed);
  faults.set(options.faults ?? []);
  const around: Surroundings = { world, directory, pageSize: options.pageSize ?? defaultPageSize };
  const server = createServer((request, response) => {
    handle(request, response, around, faults).catch(() => response.destroy());
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    faults,
    async close() {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

async function handle(
  request: IncomingMessage,
  response: ServerResponse,
  around: Surroundings,
  faults: Faults,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://sandbox');
  if (url.pathname === faultsPath) return changeFaults(request, response, faults);
  const key = request.headers['x-api-key'];
  if (key === undefined || key === '') return send(response, 500, { success: false, message: 'apiKey is required' });
  const route = routes[url.pathname];
  if (route === undefined) return send(response, 404, { success: false, message: `Path ${url.pathname} not found` });
  const hintedHandle = headerText(request, handleHeader);
  const handleName = url.searchParams.get('handle') ?? hintedHandle ?? '';
  const fault = faults.strike({ path: url.pathname, handle: handleName });
  const timeMs = requestTime(request);
  const reply = () => envelope(route, { query: url.searchParams, timeMs, hintedHandle }, around);
  if (fault !== null) return answerFault(fault, response, reply);
  const { status, body } = reply();
  return send(response, status, body);
}

/** What every reply of the vendor carries beside its data. */
function envelope(route: Route, request: Parameters<Route>[0], around: Surroundings): { status: number; body: object } {
  const data = route(request, around);
  if (data === null) return { status: 404, body: { success: false, message: 'Not found: it does not exist' } };
  return { status: 200, body: { success: true, credits_remaining: 1_000_000, credits_charged: 1, ...data } };
}

function requestTime(request: IncomingMessage): number {
  const time = Date.parse(headerText(request, timeHeader) ?? '');
  return Number.isNaN(time) ? Date.now() : time;
}

function headerText(request: IncomingMessage, name: string): string | null {
  const value = request.headers[name];
  return typeof value === 'string' && value !== '' ? value : null;
}

/** PUT a list of rules to switch faults; an empty list ends them. */
async function changeFaults(request: IncomingMessage, response: ServerResponse, faults: Faults): Promise<void> {
  if (request.method !== 'PUT') return send(response, 405, { message: 'PUT a list of rules' });
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const parsed = parseFaultRules(Buffer.concat(chunks).toString());
  if (!parsed.ok) return send(response, 422, { message: parsed.problem });
  faults.set(parsed.rules);
  return send(response, 200, { rules: parsed.rules });
}

function send(response: ServerResponse, status: number, body: object): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}
