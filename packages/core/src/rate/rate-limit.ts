import { type TextTest, globTest, parseGlob } from '../policy/glob.ts';
import type { CallAnswer } from '../policy/guard-settings.ts';
import type { AccessRequest } from '../model/request.ts';

/** What calls can be counted by. Several together count each combination for itself. */
export const RATE_KEYS = ['tenant', 'agent', 'user', 'session', 'server', 'tool'] as const;
export type RateKey = (typeof RATE_KEYS)[number];

/** Most rates of a policy: each call that they count names them in the ledger. */
export const MAX_RATES = 32;

/** Longest window, in milliseconds: a start reads as much of the ledger. */
export const MAX_RATE_WINDOW_MS = 86_400_000;

/** How many calls there may be in any stretch of time. */
export interface RateLimit {
  readonly name: string;
  /** Empty: all calls together. */
  readonly per: readonly RateKey[];
  /** Most calls that are allowed in any window. */
  readonly limit: number;
  readonly windowMs: number;
  /** Most of them within one second. */
  readonly burst?: number;
  /** Glob on the method. */
  readonly match: string;
  /** Globs on the name of the tool, alone or as `server.tool`; absent: every tool. */
  readonly tools?: readonly string[];
  /** What becomes of a call beyond it. */
  readonly action: CallAnswer;
}

/** A number of calls in a window. */
export interface RateBound {
  readonly most: number;
  readonly windowMs: number;
}

/** A rate, ready to be asked. */
export interface CompiledRate {
  readonly rate: RateLimit;
  readonly bounds: readonly RateBound[];
  /** What a call is counted under; undefined for one that the rate is not about. */
  readonly keyOf: (request: AccessRequest) => string | undefined;
}

const BURST_MS = 1_000;

/** Longest name of a tool or a resource in a key, in UTF-16 units: longer ones that begin alike are counted together. */
const MAX_NAME_CHARS = 256;

/** The globs must be ones: whoever read the configuration has refused the others. */
export function compileRate(rate: RateLimit): CompiledRate {
  const { limit: most, windowMs, burst } = rate;
  const method = testOf(rate.match);
  const tools = rate.tools?.map(testOf);
  return {
    rate,
    bounds: [{ most, windowMs }, ...(burst === undefined ? [] : [{ most: burst, windowMs: BURST_MS }])],
    keyOf(request) {
      const { server, name } = request.resource;
      if (!method(request.action.method)) return undefined;
      if (tools !== undefined && !tools.some((test) => test(name) || test(`${server}.${name}`)))
        return undefined;
      return JSON.stringify([rate.name, ...rate.per.map((key) => part(request, key))]);
    },
  };
}

/** The name of the rate that a key is of; undefined for a text that is no key. */
export function rateOfKey(key: string): string | undefined {
  return /^\["([A-Za-z0-9_-]+)"/.exec(key)?.[1];
}

function testOf(pattern: string): TextTest {
  const glob = parseGlob(pattern);
  return glob === undefined ? () => true : globTest(glob);
}

/** Names are unique where they are given: two tenants can have agents of one name, two servers tools of one name. */
function part({ subject, resource }: AccessRequest, key: RateKey): string | readonly string[] {
  switch (key) {
    case 'tenant':
      return subject.tenant;
    case 'agent':
      return [subject.tenant, subject.agent];
    case 'user':
      return [subject.tenant, subject.user];
    case 'session':
      return subject.session;
    case 'server':
      return resource.server;
    case 'tool':
      return [resource.server, resource.name.slice(0, MAX_NAME_CHARS).replace(/\p{Surrogate}/gu, '\ufffd')];
  }
}
