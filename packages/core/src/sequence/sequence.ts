import { type Capability } from '../model/capability.ts';
import type { CallAnswer } from '../policy/guard-settings.ts';
import { globTest, parseGlob, type TextTest } from '../policy/glob.ts';
import type { Deed } from '../session/snapshot.ts';

/** Which calls a step of a sequence is about: all that is written has to hold. */
export interface SequenceStep {
  /** One of these is among what the call can do. */
  readonly capability?: readonly Capability[];
  /** Globs on the name of the tool, the prompt or the resource. */
  readonly tool?: readonly string[];
  /** Globs on the name of the server. */
  readonly server?: readonly string[];
  /** One of these is among what its result is called; of the first step alone. */
  readonly label?: readonly string[];
}

/** What must not come after what, in one session and over all servers. */
export interface SequenceRule {
  readonly name: string;
  readonly first: SequenceStep;
  readonly next: SequenceStep;
  /** How long after the first one, in milliseconds; absent: as long as the session lasts. */
  readonly withinMs?: number;
  /** Within how many actions; absent: any number. */
  readonly withinSteps?: number;
  readonly action: CallAnswer;
  /** In force in shadow, too. */
  readonly invariant: boolean;
}

/** What a step asks of: an action of the past, or the one that is judged. */
type Asked = Pick<Deed, 'server' | 'name' | 'capabilities' | 'several'> & {
  readonly labels?: readonly string[];
};

export interface CompiledSequence {
  readonly sequence: SequenceRule;
  readonly first: (deed: Asked) => boolean;
  readonly next: (deed: Asked) => boolean;
}

/** The globs must be ones: whoever read the configuration has refused the others. */
export function compileSequence(sequence: SequenceRule): CompiledSequence {
  return { sequence, first: compileStep(sequence.first), next: compileStep(sequence.next) };
}

function compileStep({ capability, tool, server, label }: SequenceStep): (deed: Asked) => boolean {
  const names = tool?.map(testOf);
  const servers = server?.map(testOf);
  return (deed) =>
    (capability === undefined || capability.some((one) => deed.capabilities.includes(one))) &&
    (names === undefined || deed.several === true || names.some((test) => test(deed.name))) &&
    (servers === undefined || deed.several === true || servers.some((test) => test(deed.server))) &&
    (label === undefined || label.some((one) => deed.labels?.includes(one) === true));
}

function testOf(pattern: string): TextTest {
  const glob = parseGlob(pattern);
  return glob === undefined ? () => true : globTest(glob);
}
