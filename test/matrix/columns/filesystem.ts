import { join } from 'node:path';
import type { Questions } from '../question.ts';

export function filesystemQuestions(folder: string): Questions {
  const at = (name: string): string => join(folder, name);
  const call = (name: string, args: Readonly<Record<string, unknown>>) =>
    ({ method: 'tools/call', name, arguments: args }) as const;
  return {
    initialize: { method: 'initialize' },
    'tools/list': { method: 'tools/list' },
    'a text': call('read_text_file', { path: at('notes.md') }),
    'the head of a text': call('read_text_file', { path: at('notes.md'), head: 1 }),
    'several texts, one of them missing': call('read_multiple_files', {
      paths: [at('notes.md'), at('missing.md')],
    }),
    'an image': call('read_media_file', { path: at('dot.png') }),
    'a listing': call('list_directory_with_sizes', { path: folder, sortBy: 'size' }),
    'a tree': call('directory_tree', { path: folder }),
    'what a file is': call('get_file_info', { path: at('notes.md') }),
    'a search': call('search_files', { path: folder, pattern: '**/*.md' }),
    'a write': call('write_file', { path: at('draft.md'), content: 'one\n"two" \\ ü 😀\n' }),
    'an edit': call('edit_file', {
      path: at('draft.md'),
      edits: [{ oldText: 'one', newText: 'three' }],
    }),
    'a move': call('move_file', { source: at('draft.md'), destination: at('sub/moved.md') }),
    'the moved text': call('read_text_file', { path: at('sub/moved.md') }),
    'a move over a file that is there': call('move_file', {
      source: at('sub/moved.md'),
      destination: at('notes.md'),
    }),
    'a path outside': call('read_text_file', { path: '/proc/version' }),
    'a missing argument': call('read_text_file', {}),
    'an argument of the wrong type': call('read_text_file', { path: 7 }),
    'the roots of the server': call('list_allowed_directories', {}),
    'an unknown tool': call('no_such_tool', {}),
  };
}
