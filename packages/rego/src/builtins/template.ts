import { displayText } from '../value/display.ts';
import { RegoSet } from '../value/value.ts';
import { array, type Builtin, BuiltinError, builtin, string } from './builtin.ts';

/**
 * Puts the parts of a string with values together: texts as they are, and sets of the one value that a part has, or
 * of none. Policies have no name for it.
 */
export const TEMPLATE_STRING: Builtin = builtin(
  'internal.template_string',
  [array],
  string,
  (parts, { meter }) => {
    const texts = parts.map((part) => {
      if (!(part instanceof RegoSet)) return typeof part === 'string' ? part : displayText(part);
      const [value, other] = part.sorted();
      if (other !== undefined) throw new BuiltinError('template-strings must not produce multiple outputs');
      if (value === undefined) return '<undefined>';
      return typeof value === 'string' ? value : displayText(value);
    });
    meter.grow(texts.reduce((sum, text) => sum + text.length, 0));
    return texts.join('');
  },
);
