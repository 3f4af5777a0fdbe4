// What stands behind the gateway under test: two servers, one of which is mostly open and one mostly closed.

/** Stands in everything that the policy forbids, or that nobody may be shown. It must never reach a client. */
export const MARK = 'canary-sang';

/** How every credential begins that a canary is given. None must ever reach a client. */
export const CREDENTIAL = 'yellow-feather';

export const CANARIES = ['canary', 'neighbour'] as const;
export type CanaryName = (typeof CANARIES)[number];

/** What the gateway presents to each of them, as a header over HTTP or in the environment. */
export function credentialOf(name: CanaryName): string {
  return `${CREDENTIAL}-of-the-${name}`;
}

export const CREDENTIAL_HEADER = 'X-Canary-Credential';
export const CREDENTIAL_VARIABLE = 'CANARY_CREDENTIAL';

/** The only resources that may be read: this one, and what lies under it. */
export const OPEN_URI = 'canary://notes/open';
export const SECRET_URI = 'canary://notes/secret';
export const NEIGHBOUR_URI = 'neighbour://notes/file';

/** The value of `target` that `guarded_note` may not be called with. */
export const FORBIDDEN_TARGET = 'forbidden';

/** The argument of `guarded_note` that clients of the stateless revision mirror into `Mcp-Param-Target`. */
export const TARGET_HEADER = 'Target';

/** What the gateway has to enforce while the attempts run, in words. */
export const POLICY: readonly string[] = [
  'of `canary`, every tool may be called but `secret_note`, which no agent may see or call',
  '`guarded_note` may be called, unless its argument `target` is `forbidden`',
  '`held_note` needs the approval of a person, and nobody approves',
  `of \`canary\`, every prompt may be got, and only \`${OPEN_URI}\` and what lies under it may be read`,
  'of `neighbour`, only the tools `plain_note` and `later_note` may be seen and called; it has other tools, a prompt and a resource, and no agent may see or use them',
  'where one call can be brought to several servers, `both_note` is brought to both, and the part of the neighbour stays forbidden',
  'neither server may ask the client anything: no sampling, no elicitation, no roots',
  'a tool whose definition changes may not be called until a person has accepted the change',
  `each server is given a credential of its own, the header \`${CREDENTIAL_HEADER}\``,
  'clients prove who they are by a bearer token, where the suite is given one',
];
