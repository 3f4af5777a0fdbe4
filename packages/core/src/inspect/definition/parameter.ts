import { isJsonObject, type JsonObject, type JsonValue } from '../../model/json.ts';
import { MAX_DEFINITION_DEPTH, MAX_DEFINITION_TEXTS } from './definition-text.ts';

/** A parameter of a tool, wherever in its schema. */
export interface Parameter {
  readonly at: string;
  readonly name: string;
  readonly schema: JsonObject;
  readonly required: boolean;
}

/** The parameters that an input schema declares, nested ones too. Takes time linear in the schema. */
export function parametersOf(tool: JsonObject): readonly Parameter[] {
  const found: Parameter[] = [];
  const visit = (schema: JsonValue | undefined, at: string, depth: number): void => {
    if (!isJsonObject(schema) || depth > MAX_DEFINITION_DEPTH || found.length >= MAX_DEFINITION_TEXTS) return;
    const { properties, required } = schema;
    if (isJsonObject(properties)) {
      for (const [name, property] of Object.entries(properties)) {
        if (!isJsonObject(property)) continue;
        const below = `${at}/properties/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
        const needed = Array.isArray(required) && required.some((other) => other === name);
        found.push({ at: below, name, schema: property, required: needed });
        visit(property, below, depth + 1);
      }
    }
    visit(schema['items'], `${at}/items`, depth + 1);
    for (const choice of ['anyOf', 'oneOf', 'allOf']) {
      const options = schema[choice];
      if (!Array.isArray(options)) continue;
      for (const [i, option] of options.entries())
        visit(option as JsonValue, `${at}/${choice}/${i}`, depth + 1);
    }
  };
  for (const key of ['inputSchema', 'parameters', 'input_schema']) visit(tool[key], `/${key}`, 0);
  return found;
}
