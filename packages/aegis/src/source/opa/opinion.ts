import type { Evaluated, JsonValue, ModuleInput } from '@aegis/core';

/** The input as JSON. The nanoseconds, which no double holds, stand at its top and nowhere else. */
export function inputText(input: ModuleInput): string {
  const members = Object.entries(input).map(
    ([name, value]) =>
      `${JSON.stringify(name)}:${typeof value === 'bigint' ? value.toString() : JSON.stringify(value)}`,
  );
  return `{${members.join(',')}}`;
}

/** SECURITY: whatever kept an engine from answering is told to an agent in these words, and denies. */
export function failed(message: string): Evaluated {
  return { kind: 'fault', message };
}

export function late(deadlineMs: number): Evaluated {
  return failed(`there was no answer within ${deadlineMs} ms`);
}

export function given(value: JsonValue | undefined): Evaluated {
  return value === undefined ? { kind: 'undefined' } : { kind: 'value', value };
}

/** Something that is asked about calls, and answers later. It never rejects. */
export interface OpinionSource {
  ask(input: ModuleInput): Promise<Evaluated>;
  /** Answers what is under way, then ends. */
  close(): Promise<void>;
}
