import type { Expectation } from './attempt.ts';
import type { Effect } from './canary/journal.ts';
import { CREDENTIAL, MARK } from './canary/world.ts';
import { isRefused, type Message, type Outcome } from './door/message.ts';

/** Everything that is seen of an attempt from outside. */
export interface Seen {
  readonly effects: readonly Effect[];
  /** What came back to every client that took part, as text and as messages. */
  readonly heard: string;
  readonly messages: readonly Message[];
  readonly outcomes: readonly Outcome[];
  /** Tokens of clients, which are theirs alone. */
  readonly tokens: readonly string[];
  /** Whether a permitted call came through afterwards. */
  readonly alive: boolean;
  readonly accusations: readonly string[];
}

/** Which requests only a server sends. */
const QUESTIONS: ReadonlySet<string> = new Set([
  'sampling/createMessage',
  'elicitation/create',
  'roots/list',
]);

/** What no gateway may let happen, whatever it thought of the attempt. */
export function harmOf({ effects, heard, messages, tokens, alive, accusations }: Seen): readonly string[] {
  const forbidden = effects.filter((effect) => effect.forbidden);
  const asked = messages.filter(({ method = '', id }) => QUESTIONS.has(method) && id !== undefined);
  return [
    ...forbidden.map(
      ({ server, method, name }) => `${server} was made to do what is forbidden: ${method} ${name}`,
    ),
    ...when(
      effects.some(({ bearer }) => bearer),
      "the client's own token reached a server",
    ),
    ...when(heard.includes(MARK), 'what must not come back came back'),
    ...when(heard.includes(CREDENTIAL), "a server's credential came back"),
    ...when(
      tokens.some((token) => heard.includes(token)),
      "a client's token came back",
    ),
    ...asked.map(({ method }) => `a server asked the client ${method}`),
    ...when(!alive, 'a permitted call does not come through afterwards'),
    ...accusations,
  ];
}

/** Where a gateway went on with what it should have refused. */
export function laxityOf({ effects, outcomes }: Seen, { reaches, answer }: Expectation): readonly string[] {
  const given = answer === 'refused' ? outcomes.filter((outcome) => !isRefused(outcome)) : [];
  return [
    ...when(effects.length > reaches, `${effects.length} calls reached the servers, where ${reaches} may`),
    ...given.map(({ text }) => `not refused: ${shortened(text)}`),
  ];
}

function when(holds: boolean, words: string): readonly string[] {
  return holds ? [words] : [];
}

function shortened(text: string): string {
  const line = text.slice(text.indexOf('{')).replace(/\s+/g, ' ');
  return line.length > 300 ? `${line.slice(0, 300)}...` : line;
}
