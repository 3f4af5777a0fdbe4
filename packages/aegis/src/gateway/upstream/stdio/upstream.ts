import type { StdioDefinition } from '../definition.ts';
import { MAX_LINKS } from '../session/line.ts';
import { SessionfulServer } from '../session/sessionful.ts';
import { Places } from './places.ts';
import { StderrTail } from './stderr.ts';
import { StdioLine, type StdioPorts } from './line.ts';

export type { StdioPorts };

/** A server that is a child process, or one for each client session that must not share it. */
export class StdioUpstream extends SessionfulServer {
  readonly #stderr: StderrTail;

  constructor(definition: StdioDefinition, ports: StdioPorts) {
    const stderr = new StderrTail();
    const server = { definition, ports, stderr, places: new Places(MAX_LINKS) };
    super(definition, ports.refused, (context) => new StdioLine(server, context));
    this.#stderr = stderr;
  }

  /** What its processes wrote to their standard error lately, without credentials. */
  stderr(): readonly string[] {
    return this.#stderr.lines();
  }
}
