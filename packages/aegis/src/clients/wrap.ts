import { canonicalJson, isJsonObject, type JsonValue } from '@aegis/core';
import type { ServerBlock } from '../config/edit-servers.ts';
import { aegisEntry, type AegisRun, runsAegis } from './aegis-entry.ts';
import { carry, type MovedSecret } from './carry.ts';
import type { ClientPlace, McpClient } from './client.ts';
import { openJsonSection } from './json-section.ts';
import type { ServerSection } from './section.ts';
import { openTomlSection } from './toml-section.ts';

export interface WrapInput {
  readonly client: McpClient;
  readonly place: ClientPlace;
  readonly text: string;
  readonly home: string;
  /** The folder of Aegis's configuration. */
  readonly directory: string;
  /** The servers that the configuration has already, as data. */
  readonly configured: readonly JsonValue[];
  /** How the client is to start Aegis. */
  readonly run: AegisRun;
  /** Whether a credential's file, as the configuration would name it, is there already. */
  readonly isTaken: (file: string) => boolean;
  /** The only servers to move; all that can be when absent. */
  readonly only?: readonly string[];
}

export interface MovedServer {
  /** The client's name for it. */
  readonly from: string;
  readonly server: ServerBlock;
  /** Whether the configuration has it already. */
  readonly known: boolean;
  readonly secrets: number;
}

export interface WrapPlan {
  readonly moved: readonly MovedServer[];
  readonly left: readonly { readonly name: string; readonly why: string }[];
  readonly secrets: readonly MovedSecret[];
  /** The name of the entry that starts Aegis. */
  readonly entry: string;
  /** The client's file as it is to be; the same as before when nothing can be moved. */
  readonly text: string;
}

/** Opens the list of servers at a place of a client's file; undefined when there is none. */
export function openSection(
  text: string,
  { file, section }: ClientPlace,
  { format }: McpClient,
): ServerSection | undefined {
  return format === 'json'
    ? openJsonSection(text, file, section)
    : openTomlSection(text, file, section[0] ?? '');
}

/** Whether a client's file lists a server that does not run behind Aegis. Throws `INPUT_INVALID`. */
export function hasServers(text: string, place: ClientPlace, client: McpClient): boolean {
  return [...(openSection(text, place, client)?.servers.values() ?? [])].some((server) => !runsAegis(server));
}

/** Plans to move a client's servers behind Aegis; nothing is read or written. Throws `INPUT_INVALID`. */
export function planWrap(input: WrapInput): WrapPlan {
  const { client, place, text, only } = input;
  const section = openSection(text, place, client);
  const moved: MovedServer[] = [];
  const left: { name: string; why: string }[] = [];
  const secrets: MovedSecret[] = [];
  const forwards: Record<string, string> = {};
  const inherits = new Set<string>();
  for (const [name, value] of section?.servers ?? []) {
    if (only !== undefined && !only.includes(name)) continue;
    if (section?.rawOf(name) === undefined) {
      left.push({ name, why: 'is not written as a table of its own' });
      continue;
    }
    const found = carryOne(name, value, input, moved, secrets);
    if (found.kind === 'left') {
      left.push({ name, why: found.why });
      continue;
    }
    moved.push({ from: name, server: found.server, known: found.known, secrets: found.secrets.length });
    secrets.push(...found.secrets);
    Object.assign(forwards, found.forwards);
    for (const variable of found.inherits) inherits.add(variable);
  }
  const existing = ownEntry(section, input);
  const entry = existing?.name ?? freeName(section, place);
  if (section === undefined || moved.length === 0) return { moved, left, secrets, entry, text };
  const value = aegisEntry(client, input.run, { ...existing?.forwards, ...forwards }, [
    ...new Set([...(existing?.inherits ?? []), ...inherits]),
  ]);
  const remove = [...moved.map(({ from }) => from), ...(existing === undefined ? [] : [existing.name])];
  return { moved, left, secrets, entry, text: section.replace(remove, [{ name: entry, value }]) };
}

function carryOne(
  name: string,
  value: JsonValue,
  input: WrapInput,
  moved: readonly MovedServer[],
  secrets: readonly MovedSecret[],
) {
  const { client, place, home, directory, configured, isTaken } = input;
  const taken = new Set([
    ...configured.map((server) => (isJsonObject(server) ? String(server['name']) : '')),
    ...moved.map(({ server }) => server.name),
  ]);
  const wanted = configurationName(name);
  const carryAs = (own: string) =>
    carry(value, {
      client,
      place,
      home,
      directory,
      name: own,
      secretFile: (key) => {
        const base = `.aegis/secrets/${own}.${key.replace(/[^A-Za-z0-9_-]+/g, '-')}`;
        return numbered(base, (file) => isTaken(file) || secrets.some((secret) => secret.file === file));
      },
    });
  const carried = carryAs(wanted);
  if (carried.kind === 'left') return carried;
  const known =
    carried.secrets.length === 0 &&
    configured.some(
      (server) => canonicalJson(server) === canonicalJson(carried.server as unknown as JsonValue),
    );
  if (known || !taken.has(wanted)) return { ...carried, known };
  const renamed = carryAs(numbered(`${client.id}-${wanted}`.slice(0, 60), (one) => taken.has(one)));
  return renamed.kind === 'left' ? renamed : { ...renamed, known: false };
}

/** The name of a server as the configuration can have it: letters, digits, `-` and `_`. */
export function configurationName(name: string): string {
  const allowed = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^[^A-Za-z0-9]+/, '');
  return allowed.replace(/-+$/, '').slice(0, 63) || 'server';
}

function numbered(base: string, isTaken: (name: string) => boolean): string {
  let name = base;
  for (let n = 2; isTaken(name); n++) name = `${base}-${n}`;
  return name;
}

interface OwnEntry {
  readonly name: string;
  readonly forwards: Readonly<Record<string, string>>;
  readonly inherits: readonly string[];
}

/** The entry that starts this very Aegis, when the client has it already. */
function ownEntry(section: ServerSection | undefined, { run }: WrapInput): OwnEntry | undefined {
  for (const [name, value] of section?.servers ?? []) {
    if (!runsAegis(value) || !isJsonObject(value)) continue;
    const { args, env, env_vars: variables } = value;
    // One that starts Aegis with another configuration is somebody else's business.
    if (!Array.isArray(args) || args.at(-1) !== run.args.at(-1)) continue;
    const forwards = isJsonObject(env) ? Object.entries(env).map(([key, text]) => [key, String(text)]) : [];
    return {
      name,
      forwards: Object.fromEntries(forwards),
      inherits: Array.isArray(variables) ? variables.map(String) : [],
    };
  }
  return undefined;
}

/**
 * Clients let a project's entry hide the user's entry of the same name: a project's Aegis has a name
 * of its own, so that both are there.
 */
function freeName(section: ServerSection | undefined, { project }: ClientPlace): string {
  const base = project === undefined ? 'aegis' : 'aegis-project';
  return numbered(base, (name) => section?.servers.has(name) ?? false);
}
