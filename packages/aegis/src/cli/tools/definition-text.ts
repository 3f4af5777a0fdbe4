import { isJsonObject, type JsonObject, type JsonValue } from '@aegis/core';
import { ascii, visible } from './visible.ts';

/**
 * A definition to be read by a person: its keys in order, one value on a line, a long text one sentence on
 * a line, so that what was put into it stands alone in a comparison.
 */
export function definitionText(definition: JsonObject): string {
  return `${linesOf(definition, '').join('\n')}\n`;
}

/**
 * Two definitions to be compared line by line. Where two lines are as long and not the same, letters that
 * only look the same would not be seen: they are shown as numbers.
 */
export function comparableTexts(before: JsonObject, after: JsonObject): readonly [string, string] {
  const [old, now] = [linesOf(before, ''), linesOf(after, '')];
  if (old.length === now.length) {
    old.forEach((line, at) => {
      const other = now[at] ?? '';
      if (line === other || [...line].length !== [...other].length) return;
      old[at] = ascii(line);
      now[at] = ascii(other);
    });
  }
  return [`${old.join('\n')}\n`, `${now.join('\n')}\n`];
}

function linesOf(value: JsonValue, indent: string): string[] {
  if (typeof value === 'string') return textLines(value, indent);
  const inner = `${indent}  `;
  if (Array.isArray(value)) {
    if (value.length === 0) return ['[]'];
    const items = value.map((item) => linesOf(item as JsonValue, inner));
    return ['[', ...items.flatMap((lines, at) => placed(lines, inner, at < items.length - 1)), `${indent}]`];
  }
  // A number that no double holds is an object to the language, and prints as its digits.
  const text = JSON.stringify(value);
  if (!isJsonObject(value) || !text.startsWith('{') || text === '{}') return [text];
  const keys = Object.keys(value).sort();
  const members = keys.map((key) => {
    const [first = '', ...more] = linesOf(value[key] ?? null, inner);
    return [`${visible(JSON.stringify(key))}: ${first}`, ...more];
  });
  return ['{', ...members.flatMap((lines, at) => placed(lines, inner, at < keys.length - 1)), `${indent}}`];
}

function placed([first = '', ...more]: readonly string[], indent: string, comma: boolean): string[] {
  const lines = [indent + first, ...more];
  if (comma) lines[lines.length - 1] += ',';
  return lines;
}

function textLines(text: string, indent: string): string[] {
  const sentences = text.split(/(?<=\n|[.!?] )/);
  return sentences.map((sentence, at) => {
    const quoted = visible(JSON.stringify(sentence).slice(1, -1));
    const open = at === 0 ? '"' : `${indent}  `;
    return `${open}${quoted}${at === sentences.length - 1 ? '"' : ''}`;
  });
}
