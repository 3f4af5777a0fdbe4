/** One thing that a client asks a server, in the words of MCP. */
export type Question =
  | { readonly method: 'initialize' }
  | {
      readonly method: 'tools/list' | 'resources/list' | 'resources/templates/list' | 'prompts/list';
    }
  | {
      readonly method: 'tools/call';
      readonly name: string;
      readonly arguments: Readonly<Record<string, unknown>>;
      /** Asks to be told how far the call has come. */
      readonly progress?: true;
    }
  | { readonly method: 'resources/read'; readonly uri: string }
  | {
      readonly method: 'prompts/get';
      readonly name: string;
      readonly arguments: Readonly<Record<string, string>>;
    }
  | {
      readonly method: 'completion/complete';
      readonly ref:
        | { readonly type: 'ref/prompt'; readonly name: string }
        | { readonly type: 'ref/resource'; readonly uri: string };
      readonly argument: { readonly name: string; readonly value: string };
      readonly context?: { readonly arguments: Readonly<Record<string, string>> };
    }
  | { readonly method: 'logging/setLevel'; readonly level: 'debug' | 'emergency' }
  /** Nothing is asked: the client waits for a log message, unless it has heard one. */
  | { readonly method: 'notifications/message' };

export type Method = Question['method'];

/** What the client made of the answer, as it hands it to its user. */
export type Answer =
  | { readonly result: unknown; readonly progress?: readonly unknown[] }
  | { readonly error: { readonly message: string; readonly code?: number } };

/** Questions by the name that a test report shows. */
export type Questions = Readonly<Record<string, Question>>;
export type Answers = Readonly<Record<string, Answer>>;

/** Asks one question after the other, as far as the client has a way to ask them. */
export async function askAll(
  asker: { readonly can: ReadonlySet<Method>; ask(question: Question): Promise<Answer> },
  questions: Questions,
): Promise<Answers> {
  const answers: Record<string, Answer> = {};
  for (const [name, question] of Object.entries(questions)) {
    if (asker.can.has(question.method)) answers[name] = await asker.ask(question);
  }
  return answers;
}
