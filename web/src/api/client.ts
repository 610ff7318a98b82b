import { deviceProof, isRefusal } from './device-proof';
import { ApiProblem, type ProblemBody } from './problem';
import { needsProof, proveAgain } from './step-up';

const BASE = '/api/v1';

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
type QueryValue = string | number | boolean | null | undefined;

export interface RequestOptions {
  query?: Record<string, QueryValue>;
  /** Sent as JSON; a Blob is sent as it is. */
  body?: unknown;
  /** Version that must still be current; the answer is 412 `stale` when it is not. */
  ifMatch?: number;
  idempotencyKey?: string;
  signal?: AbortSignal;
}

/** Called when any request answers 401, so that the shell can ask for a new sign-in. */
let onSignedOut: (() => void) | undefined;

export function whenSignedOut(handler: () => void): void {
  onSignedOut = handler;
}

/** Called when networks or devices close the application to this session, with the key of the rule. */
let onRefused: ((key: string) => void) | undefined;

export function whenRefused(handler: (key: string) => void): void {
  onRefused = handler;
}

export function apiAddress(path: string, query: RequestOptions['query'] = {}): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') params.set(name, String(value));
  }
  const text = params.toString();
  return `${BASE}${path}${text === '' ? '' : `?${text}`}`;
}

async function request<T>(method: Method, path: string, options: RequestOptions = {}): Promise<T> {
  const headers = new Headers({ accept: 'application/json' });
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    headers.set('content-type', 'application/octet-stream');
    body = options.body;
  } else if (options.body !== undefined) {
    headers.set('content-type', 'application/json');
    body = JSON.stringify(options.body);
  }
  if (options.ifMatch !== undefined) headers.set('if-match', `"${options.ifMatch}"`);
  if (options.idempotencyKey !== undefined) headers.set('idempotency-key', options.idempotencyKey);

  const init: RequestInit = { method, headers, credentials: 'same-origin' };
  if (body !== undefined) init.body = body;
  if (options.signal !== undefined) init.signal = options.signal;
  let response = await send(apiAddress(path, options.query), init);
  if (!response.ok) {
    const problem = await toProblem(response);
    if (!needsProof(problem) || !(await proveAgain(problem))) throw problem;
    response = await send(apiAddress(path, options.query), init);
    if (!response.ok) throw await toProblem(response);
  }
  // 204 has no body, and some answers to a creation have none either.
  const text = await response.text();
  return (text === '' ? undefined : JSON.parse(text)) as T;
}

/** Sends; where the server asks for this device's proof, sends again with it. */
async function send(address: string, init: RequestInit): Promise<Response> {
  const response = await reach(address, init);
  if (response.status !== 401) return response;
  const proof = await deviceProof(response.clone(), init.method ?? 'GET', address);
  if (proof === undefined) return response;
  const headers = new Headers(init.headers);
  headers.set('dpop', proof);
  return reach(address, { ...init, headers });
}

async function reach(address: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(address, init);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiProblem({ type: 'about:blank', key: 'offline', title: 'offline', status: 0 }, null);
  }
}

async function toProblem(response: Response): Promise<ApiProblem> {
  const requestId = response.headers.get('x-request-id');
  let body: ProblemBody;
  try {
    body = (await response.json()) as ProblemBody;
  } catch {
    body = { type: 'about:blank', key: 'internal', title: response.statusText, status: response.status };
  }
  if (typeof body.key !== 'string') body = { ...body, key: 'internal' };
  const problem = new ApiProblem({ ...body, status: response.status }, requestId);
  if (problem.key === 'not_signed_in') onSignedOut?.();
  if (isRefusal(problem.key)) onRefused?.(problem.key);
  return problem;
}

/** The one way to talk to the server. Throws `ApiProblem`. */
export const api = {
  get: <T>(path: string, query?: RequestOptions['query'], signal?: AbortSignal) =>
    request<T>('GET', path, { ...(query ? { query } : {}), ...(signal ? { signal } : {}) }),
  post: <T>(path: string, body?: unknown, options?: RequestOptions) => request<T>('POST', path, { ...options, body }),
  put: <T>(path: string, body: unknown, options?: RequestOptions) => request<T>('PUT', path, { ...options, body }),
  patch: <T>(path: string, body: unknown, options?: RequestOptions) => request<T>('PATCH', path, { ...options, body }),
  delete: <T = void>(path: string, options?: RequestOptions) => request<T>('DELETE', path, options),
};
