import { counted } from '../../counted.ts';
import { writesFiles } from '../../decide/writes.ts';
import type { Facts } from '../../model/finding.ts';
import type { AgentDraft, Drafted } from './agent-manifest.ts';

/** A call of an agent that ran. */
export interface ObservedCall {
  readonly session: string;
  readonly server: string;
  /** Undefined for what is no tool. */
  readonly tool: string | undefined;
  readonly facts: Facts;
  /** Whether a person approved it. */
  readonly approved: boolean;
  /** Names of the credentials that its server works with. */
  readonly credentials: readonly string[];
}

export interface Observation {
  readonly agent: string;
  readonly calls: readonly ObservedCall[];
  /** Calls whose arguments are gone: what they reached is not in the draft. */
  readonly unknown: number;
}

/** The least manifest under which everything that was observed would still have been granted. */
export function draftOfObservation({ agent, calls, unknown }: Observation): AgentDraft {
  const sessions = new Map<string, number>();
  for (const { session, tool } of calls) {
    if (tool !== undefined) sessions.set(session, (sessions.get(session) ?? 0) + 1);
  }
  const seen = counted(sessions.size, 'session');
  const tools = calls.flatMap(({ server, tool }) => (tool === undefined ? [] : [`${server}.${tool}`]));
  const approved = calls.flatMap(({ server, tool, approved: yes }) =>
    tool === undefined || !yes ? [] : [`${server}.${tool}`],
  );
  const paths = (writing: boolean): readonly string[] =>
    rootsOf(
      calls
        .filter(({ facts }) => writesFiles(facts) === writing)
        .flatMap(({ facts }) => facts.paths.map(({ real }) => real)),
    );
  const most = Math.max(0, ...sessions.values());
  const observed = (values: readonly string[], what: string): Drafted<readonly string[]> => ({
    value: sorted(values),
    because: values.length === 0 ? `no call ${what}` : '',
    guess: false,
  });
  const gone =
    unknown === 0
      ? []
      : [`The arguments of ${counted(unknown, 'call')} were erased: what these reached is missing here.`];
  return {
    name: { value: agent, because: '', guess: false },
    version: { value: '0.0.0', because: 'choose one', guess: true },
    publisher: { value: 'unknown', because: 'say who stands for it', guess: true },
    tools: observed(tools.map(escapeGlob), 'used a tool'),
    domains: observed(
      calls.flatMap(({ facts }) => facts.urls.map(({ host }) => host)).filter((host) => host !== ''),
      'named a host',
    ),
    readRoots: observed(paths(false), 'read a path'),
    writeRoots: observed(paths(true), 'wrote a path'),
    programs: observed(
      calls.flatMap(({ facts }) =>
        (facts.commands ?? []).flatMap(({ program }) => (PROGRAM.test(program) ? [program] : [])),
      ),
      'ran a program',
    ),
    secrets: observed(
      calls.flatMap(({ credentials }) => credentials),
      'went to a server with a credential',
    ),
    approvals: observed(approved.map(escapeGlob), 'was approved by a person'),
    budgets: {
      value: most === 0 ? {} : { max_tool_calls: most },
      because: 'the most that one session used',
      guess: true,
    },
    notes: [
      `From what the ledger says of ${agent}: ${counted(calls.length, 'call')} that ran, in ${seen}.`,
      ...gone,
    ],
  };
}

const PROGRAM = /^[^/\\\s*?]+$/;

/** Files of one folder, beyond which the folder takes their place. */
const MOST_FILES = 3;

/** The paths themselves; where many lie in one folder, the folder. What lies in another root is left out. */
function rootsOf(paths: readonly string[]): readonly string[] {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const folder = path.slice(0, Math.max(1, path.lastIndexOf('/')));
    folders.set(folder, (folders.get(folder) ?? new Set()).add(path));
  }
  // SECURITY: the root folder never takes the place of what lies in it.
  const roots = [...folders].flatMap(([folder, own]) =>
    own.size > MOST_FILES && folder !== '/' ? [folder] : Array.from(own),
  );
  const unique = sorted(roots);
  return unique.filter(
    (root) => !unique.some((other) => other !== root && root.startsWith(other === '/' ? '/' : `${other}/`)),
  );
}

function sorted(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

/** A name as a glob that is met by itself alone. */
function escapeGlob(name: string): string {
  return name.replaceAll(/[\\*?]/g, '\\$&');
}
