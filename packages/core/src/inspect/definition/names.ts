import type { Finding } from '../../model/finding.ts';
import type { JsonObject } from '../../model/json.ts';
import { foldPhrase } from '../text/fold.ts';
import { parametersOf } from './parameter.ts';

/**
 * Names that are not what they look like: characters that nobody sees, letters of two scripts in one word, a
 * name that differs from another tool's only in that way. Takes time linear in the names.
 */
export function findDeceptiveNames(tool: JsonObject, others: readonly string[]): readonly Finding[] {
  const findings: Finding[] = [];
  const own = typeof tool['name'] === 'string' ? tool['name'] : '';
  const names = [{ at: '/name', name: own }, ...parametersOf(tool).map(({ at, name }) => ({ at, name }))];
  for (const { at, name } of names) {
    if (INVISIBLE.test(name)) {
      findings.push({
        id: 'definition.invisible_name',
        at,
        severity: 'critical',
        message: 'a name holds characters that nobody sees',
      });
    } else if (LATIN.test(name) && OTHER_SCRIPT.test(name)) {
      findings.push({
        id: 'definition.mixed_name',
        at,
        severity: 'high',
        message: 'a name mixes letters of several scripts',
      });
    }
  }
  const skeleton = skeletonOf(own);
  if (own !== '' && others.some((other) => other !== own && skeletonOf(other) === skeleton)) {
    findings.push({
      id: 'definition.look_alike',
      at: '/name',
      severity: 'high',
      message: 'the name looks like the one of another tool',
    });
  }
  return findings;
}

function skeletonOf(name: string): string {
  return foldPhrase(name)
    .replaceAll('0', 'o')
    .replaceAll(/[1i|]/g, 'l')
    .replaceAll('rn', 'm')
    .replaceAll('5', 's');
}

const INVISIBLE = /[\p{Cf}\p{Cc}\u{e0100}-\u{e01ef}\ufe00-\ufe0f\u115f\u1160\u3164]/u;
const LATIN = /\p{Script=Latin}/u;
const OTHER_SCRIPT = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/u;
