import {
  credentialOf,
  type CanaryName,
  CREDENTIAL_HEADER,
  CREDENTIAL_VARIABLE,
  OPEN_URI,
} from '../canary/world.ts';

/** How Aegis reaches the canaries. */
export type Backend =
  | { readonly kind: 'http'; readonly urls: Readonly<Record<CanaryName, string>> }
  /** The command of each. */
  | { readonly kind: 'stdio'; readonly commands: Readonly<Record<CanaryName, readonly string[]>> };

/** The policy of the suite as Aegis has it. */
export function aegisConfiguration(backend: Backend, addr = '127.0.0.1:0'): string {
  return `[daemon]
addr = "${addr}"

[stdio]
agent = "caller"

[limits]
max_steps = 1000000
max_tool_calls = 1000000
max_wall_time_ms = 3600000
max_identical_calls = 64

[approvals]
wait_ms = 0

[[agents]]
name = "caller"
token = { file = ".aegis/token" }

[[agents]]
name = "other"
token = { file = ".aegis/other-token" }

${serverOf('canary', backend)}
${serverOf('neighbour', backend)}
# One call that is brought to both servers; the neighbour's part of it is denied.
[[routes]]
tool = "both_note"
upstream = ["canary", "neighbour"]

[[policies]]
name = "no-secret-note"
action = "deny"
when = { tool_name = "secret_note" }

[[policies]]
name = "no-forbidden-target"
match = "tools/call"
action = "deny"
when = { tool_name = "guarded_note", target = "forbidden" }

[[policies]]
name = "held"
action = "require_approval"
when = { tool_name = "held_note" }

[[policies]]
name = "tools-of-the-canary"
match = "tools/call"
action = "allow"
when = { server = "canary" }

[[policies]]
name = "prompts-of-the-canary"
match = "prompts/get"
action = "allow"
when = { server = "canary" }

[[policies]]
name = "open-resources-of-the-canary"
match = "resources/read"
action = "allow"
when = { server = "canary", uri = ["${OPEN_URI}", "${OPEN_URI}/*"] }

[[policies]]
name = "tools-of-the-neighbour"
match = "tools/call"
action = "allow"
when = { server = "neighbour", tool_name = ["plain_note", "later_note"] }
`;
}

function serverOf(name: CanaryName, backend: Backend): string {
  const reached =
    backend.kind === 'http'
      ? `url = ${JSON.stringify(backend.urls[name])}
headers = { ${CREDENTIAL_HEADER} = { file = ".aegis/${name}-credential" } }`
      : `command = ${JSON.stringify(backend.commands[name])}
env = { ${CREDENTIAL_VARIABLE} = { file = ".aegis/${name}-credential" } }`;
  return `[[servers]]
name = "${name}"
${reached}
`;
}

/** What lies in the files that the configuration names. */
export const CREDENTIAL_FILES: readonly (readonly [file: string, value: string])[] = [
  ['canary-credential', credentialOf('canary')],
  ['neighbour-credential', credentialOf('neighbour')],
];
