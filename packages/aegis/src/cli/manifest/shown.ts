import { type AgentSignature, type JsonObject, riskOf, type ToolManifest } from '@aegis/core';
import type { KnownManifest } from '../../daemon/manifest.ts';
import { visible } from '../tools/visible.ts';

/** What a manifest grants, in words. */
export function describeManifest(known: KnownManifest): string {
  return known.kind === 'server' ? describeServer(known.manifest) : describeAgent(known.manifest);
}

/** The same for programs: of a server what each tool can do, of an agent what is written. */
export function manifestJson(known: KnownManifest): object {
  if (known.kind === 'agent') return { kind: 'agent', ...known.manifest.written };
  const { server, tools, fs, net, receipts, clientRequests, protectedTables } = known.manifest;
  return {
    kind: 'server',
    server,
    tools: [...tools.values()].map((tool) => ({
      name: tool.name,
      risk: tool.risk ?? riskOf(tool.capabilities),
      capabilities: tool.capabilities,
      args: Object.fromEntries([...tool.args].map(([name, kind]) => [name, kind.kind])),
      requires: tool.requires.map(({ receipt }) => receipt),
    })),
    read_roots: fs?.readRoots ?? null,
    write_roots: fs?.writeRoots ?? null,
    domains: net?.domains ?? null,
    receipts: receipts.map(({ name }) => name),
    client_requests: [...clientRequests],
    protected_tables: protectedTables,
  };
}

function describeServer(manifest: Extract<KnownManifest, { kind: 'server' }>['manifest']): string {
  const { server, tools, fs, net, receipts, clientRequests, protectedTables } = manifest;
  const rows = [...tools.values()].map((tool) => [
    visible(tool.name),
    tool.risk ?? riskOf(tool.capabilities),
    abilities(tool),
  ]);
  const widths = [0, 1].map((column) => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    `  ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join('  ')}`.trimEnd(),
  );
  return text([
    `server ${visible(server)}: any tool that is not here is unclassified, which counts as high risk`,
    ...(lines.length === 0 ? ['  no tools'] : lines),
    ...entry('reads', fs?.readRoots, 'anywhere'),
    ...entry('writes', fs?.writeRoots, 'anywhere'),
    ...entry('hosts', net?.domains, 'any'),
    ...entry('may ask the client', [...clientRequests], 'nothing'),
    ...(protectedTables.length === 0 ? [] : entry('protected tables', protectedTables, '')),
    ...(receipts.length === 0
      ? []
      : entry(
          'receipts',
          receipts.map(({ name }) => name),
          '',
        )),
  ]);
}

function abilities({ capabilities, args, requires }: ToolManifest): string {
  const named = [...args].map(
    ([name, kind]) => `${name}: ${kind.kind === 'sql' ? `sql(${kind.dialect})` : kind.kind}`,
  );
  const parts = [
    capabilities.length === 0 ? 'touches nothing' : capabilities.join(', '),
    ...(named.length === 0 ? [] : [`(${named.join(', ')})`]),
    ...(requires.length === 0 ? [] : [`after ${requires.map(({ receipt }) => receipt).join(', ')}`]),
  ];
  return visible(parts.join('  '));
}

function describeAgent({
  name,
  version,
  publisher,
  written,
  readRoots,
  writeRoots,
  domainNames,
  exec,
  secrets,
  budgets,
  integrity,
  sandboxed,
}: Extract<KnownManifest, { kind: 'agent' }>['manifest']): string {
  const permissions = written['permissions'] as JsonObject;
  const spent = Object.entries(budgets).map(([key, value]) => `${key} ${value}`);
  const { files, signature } = integrity;
  return text([
    `agent ${visible(name)} ${visible(version)} of ${visible(publisher)}: what is not here it may not do`,
    ...entry('tools', listed(permissions['tools']), 'none'),
    ...entry('hosts', domainNames, 'none'),
    ...entry('reads', readRoots, 'nothing'),
    ...entry('writes', writeRoots, 'nothing'),
    ...entry('programs', [...(exec?.allowedBins ?? [])], 'none'),
    ...entry('credentials', [...secrets], 'none'),
    ...entry('a person approves', listed(permissions['approval_required']), 'nothing'),
    ...entry('budgets', spent, 'those of the policy'),
    ...(sandboxed ? entry('sandbox', ['required'], '') : []),
    ...entry(
      'integrity',
      [`${files.size} files`, signature === undefined ? 'not signed' : signedBy(signature)],
      '',
    ),
  ]);
}

function signedBy(signature: AgentSignature): string {
  return signature.kind === 'ed25519'
    ? `signed by ${signature.publicKey}`
    : `signed as \`${visible(signature.bundle)}\` says`;
}

function listed(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

function entry(what: string, values: readonly string[] | undefined, none: string): readonly string[] {
  const said =
    values === undefined || values.length === 0
      ? values === undefined || none !== 'anywhere'
        ? none
        : 'nothing'
      : values.join(', ');
  return [`  ${what}: ${visible(said)}`];
}

function text(lines: readonly string[]): string {
  return `${lines.join('\n')}\n`;
}
