import type { ArgumentKind, Capability } from '@aegis/core';
import type { Effect } from './traces.ts';

// What is declared of the servers in the traces, by the names of arguments and tools. Settled on these traces, not on others.

const TEXT =
  'subject body title content description comment_body amount date start_time end_time new_start_time new_end_time start_day end_day quantity input_values permission location';
const ID =
  'email_id event_id file_id channel user id product_id product_ids order_id hotel company restaurant';

const KINDS: ReadonlyMap<string, ArgumentKind> = new Map<string, ArgumentKind>([
  ...TEXT.split(' ').map((name): [string, ArgumentKind] => [name, { kind: 'text' }]),
  ...ID.split(' ').map((name): [string, ArgumentKind] => [name, { kind: 'id' }]),
  ['url', { kind: 'url' }],
]);

/** Everything that is not here decides something. */
export const ARGUMENT_KINDS = KINDS;

/** Of which suites the tools are looked at when the manifests of a suite are written without it. */
const LOOKED_AT: Readonly<Record<string, readonly string[]>> = {
  workspace: ['banking', 'slack'],
  travel: ['banking', 'slack'],
  banking: ['workspace', 'travel'],
  slack: ['workspace', 'travel'],
};
const ALL_LOOKED_AT = Object.keys(LOOKED_AT);

/** The kinds of those arguments alone that other suites have as well: what nobody has seen decides something. */
export function heldOutKinds(
  suite: string,
  namesOf: (suite: string) => ReadonlySet<string>,
): ReadonlyMap<string, ArgumentKind> {
  const known = LOOKED_AT[suite] ?? ALL_LOOKED_AT;
  return new Map([...KINDS].filter(([name]) => known.some((other) => namesOf(other).has(name))));
}

const CAPABILITIES: Readonly<Record<Effect, readonly Capability[]>> = {
  read: ['db.read'],
  'egress-read': ['net.egress'],
  write: ['db.write'],
  send: ['message.send'],
  pay: ['payment.send'],
};

export function capabilitiesOf(effect: Effect): readonly Capability[] {
  return CAPABILITIES[effect];
}

const SERVERS: readonly (readonly [RegExp, string])[] = [
  [/calendar|current_day/, 'calendar'],
  [/email|contacts/, 'mail'],
  [/webpage|through_url/, 'web'],
  [/file|node|dir/, 'files'],
];

/** The server of a tool: what belongs together in a suite. */
export function serverOf(suite: string, tool: string): string {
  const [, server = 'main'] = SERVERS.find(([names]) => names.test(tool)) ?? [];
  return `${suite}-${server}`;
}
