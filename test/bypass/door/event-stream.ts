/** One event of a stream (WHATWG HTML, server-sent events). */
export interface StreamEvent {
  readonly type: string;
  readonly id?: string;
  readonly data: string;
}

/** Takes the text of a stream apart, whatever pieces it comes in. */
export class EventReader {
  #rest = '';

  /** The events that are complete with this piece. */
  take(piece: string): readonly StreamEvent[] {
    const blocks = (this.#rest + piece).replaceAll('\r\n', '\n').split('\n\n');
    this.#rest = blocks.pop() ?? '';
    return blocks.flatMap((block) => eventOf(block) ?? []);
  }
}

function eventOf(block: string): StreamEvent | undefined {
  let type = 'message';
  let id: string | undefined;
  const data: string[] = [];
  for (const line of block.split('\n')) {
    const [, field = '', value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (field === 'event') type = value;
    if (field === 'id') id = value;
    if (field === 'data') data.push(value);
  }
  if (data.length === 0) return undefined;
  return { type, data: data.join('\n'), ...(id === undefined ? {} : { id }) };
}
