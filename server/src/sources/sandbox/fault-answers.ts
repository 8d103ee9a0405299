import type { ServerResponse } from 'node:http';
import type { FaultKind, FaultRule } from './fault-rules.ts';

interface Reply {
  status: number;
  body: object;
}

type Answer = (response: ServerResponse, reply: () => Reply, rule: FaultRule) => void;

const json = { 'content-type': 'application/json; charset=utf-8' };
const defaultRetryAfterSeconds = 30;

const answers: Record<FaultKind, Answer> = {
  rate_limited: (response, _reply, { retryAfterSeconds = defaultRetryAfterSeconds }) => {
    const headers = retryAfterSeconds === null ? json : { ...json, 'retry-after': String(retryAfterSeconds) };
    response.writeHead(429, headers).end('{"success":false,"message":"Too many requests"}');
  },
  server_error: (response) => response.writeHead(500, json).end('{"success":false,"message":"Something went wrong"}'),
  bad_key: (response) => response.writeHead(401, json).end('{"success":false,"message":"Invalid API key"}'),
  no_credits: (response) => response.writeHead(402, json).end('{"success":false,"message":"You are out of credits"}'),
  // Nothing is ever sent; the client gives up, or the server is closed.
  timeout: () => undefined,
  dropped_connection: (response) => response.destroy(),
  truncated_json: (response, reply) => {
    const text = JSON.stringify(reply().body);
    response.writeHead(200, json).end(text.slice(0, Math.floor(text.length * 0.6)));
  },
  malformed_json: (response) => response.writeHead(200, json).end('{"success":true,,"data":undefined}'),
  login_wall: (response) => {
    const page = '<!DOCTYPE html><html><title>Login • Instagram</title><a href="/accounts/login/">Log in</a></html>';
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page);
  },
  login_redirect: (response) => response.writeHead(302, { location: '/accounts/login/?next=%2F' }).end(),
  // Every name is still there under another one, as after a redesign.
  wrong_schema: (response, reply) =>
    sendRenamed(response, reply(), /"(data|items|aweme_list|aweme_detail|user|username)":/g),
  // The wrapper is as ever, so that only what it wraps seems to be missing.
  renamed_subject: (response, reply) =>
    sendRenamed(response, reply(), /"(items|aweme_list|aweme_detail|xdt_shortcode_media|user|username)":/g),
  empty_list: (response, reply) =>
    send(response, reply(), { items: [], aweme_list: [], more_available: false, has_more: 0 }),
  zero_followers: (response, reply) => {
    const { status, body } = reply();
    const text = JSON.stringify(body).replace(
      /("edge_followed_by":{"count"|"follower_count"|"followerCount"):\d+/,
      '$1:0',
    );
    response.writeHead(status, json).end(text);
  },
};

/** Answers with a fault; `reply` is what would have been right. */
export function answerFault(rule: FaultRule, response: ServerResponse, reply: () => Reply): void {
  answers[rule.kind](response, reply, rule);
}

/** The right reply with what the pattern finds under other names. */
function sendRenamed(response: ServerResponse, { status, body }: Reply, pattern: RegExp): void {
  response.writeHead(status, json).end(JSON.stringify(body).replaceAll(pattern, '"v9_$1":'));
}

/** The right reply with some of its fields changed. */
function send(response: ServerResponse, { status, body }: Reply, changes: Record<string, unknown>): void {
  const present = Object.entries(changes).filter(([key]) => key in body);
  response.writeHead(status, json).end(JSON.stringify({ ...body, ...Object.fromEntries(present) }));
}
