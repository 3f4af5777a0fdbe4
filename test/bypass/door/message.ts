export type Id = string | number;

/** One message as it came from the gateway. */
export interface Message {
  readonly id?: Id | null;
  readonly method?: string;
  readonly params?: Readonly<Record<string, unknown>>;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

/** What one shot led to. */
export interface Outcome {
  /** HTTP status; undefined on other lines, and where the connection was closed without an answer. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** What came as the answer and before it. */
  readonly messages: readonly Message[];
  readonly text: string;
}

/** Reads a message, or an array of them; nothing for what is none. */
export function readMessages(text: string): readonly Message[] {
  try {
    const value: unknown = JSON.parse(text);
    const all: readonly unknown[] = Array.isArray(value) ? value : [value];
    return all.filter((one): one is Message => typeof one === 'object' && one !== null);
  } catch {
    return [];
  }
}

export function isAnswer({ method, id }: Message): boolean {
  return method === undefined && id !== undefined;
}

/** Whether an answer gives what was asked for: a result, and no tool's word that it failed. */
export function isSuccess({ result, method }: Message): boolean {
  return method === undefined && result !== undefined && result['isError'] !== true;
}

/** Whether nothing of what was asked for was given. */
export function isRefused({ messages }: Outcome): boolean {
  return !messages.some(isSuccess);
}

/** The text of a tool's result. */
export function textOf({ result }: Message): string {
  const content = (result?.['content'] ?? []) as readonly { readonly text?: string }[];
  return content.map(({ text = '' }) => text).join('\n');
}
