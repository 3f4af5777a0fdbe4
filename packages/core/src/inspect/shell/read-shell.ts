import type { Capability } from '../../model/capability.ts';
import type { CommandFact, Finding } from '../../model/finding.ts';
import { runCommand } from './command.ts';
import { foundDenying, noEffects, type ShellEffects } from './effects.ts';
import { HOLE, isKnown, SILENT, type Stream } from './field.ts';
import { MAX_SHELL_LENGTH, MAX_SHELL_NESTING, MAX_STEPS, TooComplex } from './limits.ts';
import type { Reader } from './reader.ts';
import { freshScope, type Scope } from './scope.ts';
import { readFunctionCall, readStatements } from './statement.ts';
import type { Script, ShellParser } from './tree.ts';

/** What a text of shell does. */
export interface ShellReading {
  /** Never empty; undefined when the text could not be judged. */
  readonly capabilities: readonly Capability[] | undefined;
  readonly findings: readonly Omit<Finding, 'at'>[];
  /** Names of the programs that run, without their folders, as far as they are known. */
  readonly programs: readonly string[];
  /** The commands that run, with their arguments; a program that is named only then has no name. */
  readonly commands: readonly CommandFact[];
  /** Files and folders that it names, as it names them (`~/x`, relative to where it runs). */
  readonly paths: readonly string[];
  readonly urls: readonly string[];
  /** Whether it also names files that are known only when it runs. */
  readonly unknownPath: boolean;
  /** Whether it also reaches hosts that are known only when it runs. */
  readonly unknownHost: boolean;
}

/**
 * Establishes what a text of shell does, by its tree and never by running it: every command in it, with
 * quotes, variables, encodings and wrappers seen through as far as the text itself tells. What only
 * the machine knows is a finding that denies wherever it decides what runs. Never throws.
 */
export function readShell(text: string, parse: ShellParser): ShellReading {
  if (text.length > MAX_SHELL_LENGTH) {
    return unjudged('shell.too_large', `longer than ${MAX_SHELL_LENGTH} characters`);
  }
  // SECURITY: whoever runs the text ends it at a NUL; a hole of one's own could pass for anything.
  if (text.includes('\0') || text.includes(HOLE)) {
    return unjudged('shell.unparsable', 'holds a character that no shell takes');
  }
  const effects = noEffects();
  try {
    const reader = createReader(effects, parse);
    const scope = freshScope();
    reader.code(text, scope, undefined);
    readUncalled(scope, reader);
  } catch (error) {
    if (error instanceof TooComplex) return unjudged('shell.too_complex', error.message, effects);
    return unjudged('shell.unparsable', 'not a text of shell', effects);
  }
  const findings = [...effects.findings.values()];
  if (effects.capabilities.size === 0) effects.capabilities.add('fs.read');
  return {
    capabilities: findings.some(({ id }) => id === 'shell.unparsable')
      ? undefined
      : [...effects.capabilities],
    findings,
    programs: [...effects.programs],
    commands: effects.commands,
    paths: [...effects.paths],
    urls: [...effects.urls],
    unknownPath: effects.unknownPath,
    unknownHost: effects.unknownHost,
  };
}

function createReader(effects: ShellEffects, parse: ShellParser): Reader {
  let steps = 0;
  let depth = 0;
  const parseCounted: ShellParser = (text) => {
    // What is parsed again and again costs by its length.
    steps += text.length >> 6;
    if (text.length > MAX_SHELL_LENGTH) throw new TooComplex('code that is put together grows too long');
    return parse(text);
  };
  const reader: Reader = {
    effects,
    parse: parseCounted,
    calls: { open: new Set(), made: new Set() },
    running: 0,
    step(count = 1) {
      steps += count;
      if (steps > MAX_STEPS) throw new TooComplex(`more than ${MAX_STEPS} steps to follow`);
    },
    nested(read) {
      if (++depth > MAX_SHELL_NESTING) throw new TooComplex(`nested deeper than ${MAX_SHELL_NESTING}`);
      try {
        return read();
      } finally {
        depth--;
      }
    },
    script: (script, scope, stdin) => readScript(script, scope, stdin, reader),
    code: (text, scope, stdin) => {
      if (!isKnown(text)) {
        foundDenying(effects, 'shell.dynamic', 'runs code that is put together while it runs');
      }
      return reader.nested(() => readScript(parseCounted(text), scope, stdin, reader));
    },
    command: (fields, scope, stdin) => runCommand(fields, scope, stdin, reader),
  };
  return reader;
}

function readScript(script: Script, scope: Scope, stdin: Stream | undefined, reader: Reader): Stream {
  if (script.errors !== undefined && script.errors.length > 0) {
    const finding = { id: 'shell.unparsable', message: 'not a whole text of shell' } as const;
    reader.effects.findings.set(finding.id, { ...finding, severity: 'high', denies: 'GUARD_SHELL' });
  }
  return script.commands.length === 0 ? SILENT : readStatements(script.commands, scope, stdin, reader);
}

/** A function that the line only defines may be called by what it starts. */
function readUncalled(scope: Scope, reader: Reader): void {
  for (const body of scope.functions.values()) {
    if (reader.calls.made.has(body)) continue;
    const before = reader.effects.findings.has(DYNAMIC_WORD);
    readFunctionCall(body, { ...scope, positional: undefined }, undefined, reader);
    if (!before) reader.effects.findings.delete(DYNAMIC_WORD);
  }
}

const DYNAMIC_WORD = 'shell.dynamic runs a program that is named only while it runs';

function unjudged(
  id: 'shell.too_large' | 'shell.too_complex' | 'shell.unparsable',
  message: string,
  effects: ShellEffects = noEffects(),
): ShellReading {
  const finding: Omit<Finding, 'at'> = { id, severity: 'high', message, denies: 'GUARD_SHELL' };
  return {
    capabilities: undefined,
    findings: [finding, ...effects.findings.values()],
    programs: [...effects.programs],
    commands: effects.commands,
    paths: [...effects.paths],
    urls: [...effects.urls],
    unknownPath: effects.unknownPath,
    unknownHost: effects.unknownHost,
  };
}
