import type { Sha256 } from '../../model/hash.ts';
import { isJsonObject } from '../../model/json.ts';
import { treeDigest } from '../../manifest/agent/integrity.ts';
import { readDocument } from '../../source/document.ts';
import type { ScannedEntry } from '../entry.ts';
import type { Reach } from '../reach.ts';
import { frontMatter } from '../rules/skill.ts';
import type { AgentDraft, Drafted } from './agent-manifest.ts';

/** What a draft for a skill is made from. */
export interface SkillParts {
  /** The name of its folder. */
  readonly folder: string;
  readonly entries: readonly ScannedEntry[];
  readonly reach: Reach;
  /** SHA-256 (hex) of every file, by its path. */
  readonly digests: ReadonlyMap<string, string>;
  readonly sha256: Sha256;
}

/** The least that a skill seems to need, by what its sources name. */
export function draftOfSkill({ folder, entries, reach, digests: all, sha256 }: SkillParts): AgentDraft {
  const said = saidOf(entries);
  // A manifest cannot hold its own digest.
  const digests = new Map([...all].filter(([path]) => !/^aegis-manifest\.(?:ya?ml|json|toml)$/.test(path)));
  const name = said.name ?? cleanName(folder);
  const secrets = reach.variables.filter((variable) => CREDENTIAL.test(variable));
  return {
    name: {
      value: name,
      because: said.name === undefined ? 'the name of the folder' : '',
      guess: said.name === undefined,
    },
    version: said.version === undefined ? guessed('0.0.0', 'it states none') : stated(said.version),
    publisher: said.publisher === undefined ? guessed('unknown', 'it states none') : stated(said.publisher),
    tools: guessed(
      [],
      reach.tools.length === 0
        ? 'it names none'
        : `it names ${reach.tools.join(', ')}, as its own host calls them`,
    ),
    domains: guessed(
      reach.hosts.map((host) => host.replaceAll(/[[\]]/g, '')),
      fromSources(reach.hosts, reach.namedHosts),
    ),
    readRoots: roots(reach.reads, 'read'),
    writeRoots: roots(reach.writes, 'write'),
    programs: guessed(reach.programs, 'its sources start them'),
    secrets: guessed(
      secrets,
      secrets.length === 0
        ? 'its sources read no variable that is called like a credential'
        : 'its sources read these variables',
    ),
    approvals: guessed([], 'say which tools a person is asked for'),
    budgets: guessed({}, ''),
    ...(digests.size === 0 ? {} : { integrity: { files: digests, treeSha256: treeDigest(digests, sha256) } }),
    notes: ['Keep it in the folder that was scanned, as aegis-manifest.yaml: its paths begin there.'],
  };
}

const CREDENTIAL = /KEY|TOKEN|SECRET|PASSWORD|PASSWD|CREDENTIAL|AUTH|PRIVATE/;

function guessed<Value>(value: Value, because: string): Drafted<Value> {
  return { value, because, guess: true };
}

function stated(value: string): Drafted<string> {
  return { value, because: '', guess: false };
}

function fromSources(hosts: readonly string[], others: readonly string[]): string {
  const also = others.length === 0 ? '' : `; also named: ${others.slice(0, 20).join(', ')}`;
  return `${hosts.length === 0 ? 'no call names a host' : 'its calls name them'}${also}`;
}

/** Paths that begin with `~` are no roots: whose home it is, the manifest cannot say. */
function roots(paths: readonly string[], verb: 'read' | 'write'): Drafted<readonly string[]> {
  const fixed = paths.filter((path) => !path.startsWith('~'));
  const homes = paths.filter((path) => path.startsWith('~'));
  const also = homes.length === 0 ? '' : `; also ${homes.slice(0, 20).join(', ')}`;
  return guessed(
    fixed,
    `${fixed.length === 0 ? `its sources ${verb} no fixed path` : `its sources ${verb} them`}${also}`,
  );
}

interface Said {
  readonly name?: string;
  readonly version?: string;
  readonly publisher?: string;
}

/** What the front matter of a skill, else the manifest of its package, says of itself. */
function saidOf(entries: readonly ScannedEntry[]): Said {
  const text = (path: RegExp): string | undefined => {
    const found = entries.find((entry) => entry.kind === 'text' && path.test(entry.path));
    return found?.kind === 'text' ? found.text : undefined;
  };
  const front = frontMatter(text(/^SKILL\.md$/i) ?? '')?.values;
  const manifest = readDocument({ text: text(/^package\.json$/) ?? '{}', file: 'package.json' }).value;
  const own = isJsonObject(manifest) ? manifest : {};
  const { metadata } = front ?? {};
  const line = (...values: readonly unknown[]): string | undefined =>
    values.find((value): value is string => typeof value === 'string' && LINE.test(value));
  const name = line(front?.['name'], own['name']);
  const version = line(
    front?.['version'],
    isJsonObject(metadata) ? metadata['version'] : undefined,
    own['version'],
  );
  const publisher = line(
    front?.['author'],
    isJsonObject(metadata) ? metadata['author'] : undefined,
    own['author'],
  );
  return {
    ...(name === undefined ? {} : { name }),
    ...(version === undefined ? {} : { version }),
    ...(publisher === undefined ? {} : { publisher }),
  };
}

const LINE = /^(?=.*\S)[^\p{Cc}]{1,256}$/u;

function cleanName(folder: string): string {
  return (
    folder
      .replaceAll(/\p{Cc}/gu, '')
      .slice(0, 128)
      .trim() || 'skill'
  );
}
