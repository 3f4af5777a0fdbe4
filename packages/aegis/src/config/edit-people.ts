import {
  AegisError,
  canonicalJson,
  isJsonObject,
  type JsonValue,
  type Role,
  readDocument,
} from '@aegis/core';
import { replaceTables, tomlTables } from './edit-toml.ts';
import { tomlValue } from './edit-toml-value.ts';

/** A person as a `[[people]]` table has one. */
export interface PersonBlock {
  readonly name: string;
  readonly roles: readonly Role[];
  readonly tenant?: string;
  readonly token_sha256: string;
}

/**
 * Adds a `[[people]]` table below the last one, or at the end, and changes nothing else. Throws `INPUT_INVALID`
 * when the text cannot be edited in this way, or has a person of that name.
 */
export function addPerson(text: string, file: string, person: PersonBlock): string {
  const before = readPeopleTables(text, file);
  if (before.names.includes(person.name)) {
    throw new AegisError('INPUT_INVALID', `\`${file}\` already has a person \`${person.name}\``, {
      help: `run \`aegis people remove ${person.name}\` first, or choose another name`,
    });
  }
  const keys = ['name', 'roles', 'tenant', 'token_sha256'] as const;
  const lines = keys.flatMap((key) => {
    const value = person[key];
    return value === undefined ? [] : [`${key} = ${tomlValue(value)}`];
  });
  const edited = replaceTables(text, [], `[[people]]\n${lines.join('\n')}\n`, before.tables.at(-1));
  return verified(edited, file, text, [...before.people, person as unknown as JsonValue]);
}

/**
 * Takes a person's `[[people]]` table out and changes nothing else. Throws `INPUT_INVALID` when there is none, or
 * when it is not written as such a table.
 */
export function removePerson(text: string, file: string, name: string): string {
  const before = readPeopleTables(text, file);
  const at = before.names.indexOf(name);
  const table = before.tables[at];
  if (table === undefined) {
    throw new AegisError('INPUT_INVALID', `\`${file}\` has no person \`${name}\``, {
      help: '`aegis people list` shows who there is',
    });
  }
  return verified(replaceTables(text, [table], ''), file, text, before.people.toSpliced(at, 1));
}

function readPeopleTables(text: string, file: string) {
  const people = peopleIn(text, file);
  const tables = tomlTables(text).filter(({ path }) => path.length === 1 && path[0] === 'people');
  if (tables.length !== people.length) {
    throw new AegisError(
      'INPUT_INVALID',
      `the people of \`${file}\` are not written as \`[[people]]\` tables`,
      {
        help: 'edit the file by hand',
      },
    );
  }
  const names = people.map((one) => (isJsonObject(one) ? one['name'] : undefined));
  return { people, tables, names };
}

function valueIn(text: string, file: string): Readonly<Record<string, JsonValue>> {
  const { value, diagnostics } = readDocument({ text, file });
  if (diagnostics.length === 0 && isJsonObject(value)) return value;
  throw new AegisError('INPUT_INVALID', `\`${file}\` cannot be read`, { help: 'aegis policy check' });
}

function peopleIn(text: string, file: string): readonly JsonValue[] {
  const people = valueIn(text, file)['people'] ?? [];
  return Array.isArray(people) ? people : [];
}

/** The edited text, when it says what it should and nothing else has changed. */
function verified(edited: string, file: string, before: string, people: readonly JsonValue[]): string {
  const { people: _before, ...others } = valueIn(before, file);
  const { people: found = [], ...rest } = valueIn(edited, file);
  if (canonicalJson([rest, found]) === canonicalJson([others, people])) return edited;
  throw new AegisError(
    'INPUT_INVALID',
    `\`${file}\` cannot be edited without changing more than one person`,
    {
      help: 'edit the file by hand',
    },
  );
}
