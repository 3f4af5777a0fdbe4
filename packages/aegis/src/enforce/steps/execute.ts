import { UpstreamError } from '../../ports.ts';
import { readContent } from '../content.ts';
import type { Execution, Mediation, Step } from '../mediation.ts';

/** The door's own effect, within the obligations. What an upstream does wrong is a value, not a throw. */
export const execute: Step = {
  name: 'execute',
  async run(m) {
    m.validated = await contentsBefore(m);
    const startedAtMs = m.ports.clock.now();
    m.startedAtMs = startedAtMs;
    m.execution = await perform(m);
    // The wall clock can be set back meanwhile.
    m.durationMs = Math.max(0, m.ports.clock.now() - startedAtMs);
  },
};

async function perform(m: Mediation): Promise<Execution> {
  const { timeoutMs, maxOutputBytes } = obligationsOf(m);
  const { signal } = m.call;
  try {
    const reply = await m.call.execute({
      timeoutMs,
      maxOutputBytes,
      ...(signal === undefined ? {} : { signal }),
    });
    return { kind: 'reply', reply };
  } catch (error) {
    if (error instanceof UpstreamError) {
      return { kind: 'failure', failure: error.failure, message: error.message };
    }
    throw error;
  }
}

function obligationsOf(m: Mediation) {
  if (m.decision === undefined) throw new TypeError('executed before it was decided');
  return m.decision.obligations;
}

const NONE: ReadonlyMap<string, string> = new Map();

/** What the content is before a tool that can earn a receipt for it runs, by receipt name. */
async function contentsBefore(m: Mediation): Promise<ReadonlyMap<string, string>> {
  const { server, name } = m.request.resource;
  const definitions = m.rules.mints.get(server)?.get(name);
  if (definitions === undefined || m.call.method !== 'tools/call') return NONE;
  const contents = new Map<string, string>();
  for (const definition of definitions) {
    const subject = m.request.args[definition.subject];
    if (typeof subject !== 'string') continue;
    const sha256 = await readContent(m.ports, definition, subject, obligationsOf(m));
    if (sha256 !== undefined) contents.set(definition.name, sha256);
  }
  return contents;
}
