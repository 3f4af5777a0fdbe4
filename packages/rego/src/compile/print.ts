import type { CallTerm } from '../check/resolved.ts';
import type { Getter } from '../evaluate/context.ts';
import { displayText } from '../value/display.ts';

/** `print` is always true; an argument that is undefined is shown as such. */
export function printGetter(term: CallTerm, args: readonly Getter[]): Getter {
  return (frame) => {
    const { run } = frame.context;
    run.meter.step();
    const shown = args.map((arg) => {
      const value = arg(frame);
      if (value === undefined) return '<undefined>';
      return typeof value === 'string' ? value : displayText(value);
    });
    const text = shown.join(' ');
    run.meter.grow(text.length);
    run.print(text, term.at);
    return true;
  };
}
