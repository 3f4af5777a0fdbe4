import type { Questions } from '../question.ts';

export const EVERYTHING_QUESTIONS: Questions = {
  initialize: { method: 'initialize' },
  'tools/list': { method: 'tools/list' },
  'resources/list': { method: 'resources/list' },
  'resources/templates/list': { method: 'resources/templates/list' },
  'prompts/list': { method: 'prompts/list' },
  'a text': call('echo', { message: 'ünïcode 😀 "quoted" \\ 9007199254740993' }),
  'a sum': call('get-sum', { a: 0.1, b: 2 }),
  'structured content': call('get-structured-content', { location: 'Chicago' }),
  'an image': call('get-tiny-image', {}),
  'an annotated message with an image': call('get-annotated-message', {
    messageType: 'error',
    includeImage: true,
  }),
  'resource links': call('get-resource-links', { count: 4 }),
  'an embedded resource': call('get-resource-reference', { resourceType: 'Blob', resourceId: 2 }),
  'a failing call': call('get-resource-reference', { resourceType: 'Text', resourceId: -1 }),
  'a wrong argument': call('get-sum', { a: 'one', b: 2 }),
  'a call that only a task may make': call('simulate-research-query', { topic: 'x' }),
  'a long call with progress': {
    ...call('trigger-long-running-operation', { duration: 0.2, steps: 4 }),
    progress: true,
  },
  'a link to a resource of the session': call('gzip-file-as-resource', {
    name: 'hello.gz',
    data: 'data:text/plain,hello',
    outputType: 'resourceLink',
  }),
  'the resource of the session': { method: 'resources/read', uri: 'demo://resource/session/hello.gz' },
  'a static resource': { method: 'resources/read', uri: 'demo://resource/static/document/features.md' },
  'a text from a template': { method: 'resources/read', uri: 'demo://resource/dynamic/text/3' },
  'a blob from a template': { method: 'resources/read', uri: 'demo://resource/dynamic/blob/3' },
  'a resource that is not there': { method: 'resources/read', uri: 'demo://resource/dynamic/text/none' },
  'a prompt': prompt('simple-prompt', {}),
  'a prompt with arguments': prompt('args-prompt', { city: 'Bern', state: 'BE' }),
  'a prompt without its argument': prompt('args-prompt', {}),
  'a prompt with a resource': prompt('resource-prompt', { resourceType: 'Text', resourceId: '4' }),
  'a prompt that is not there': prompt('no-such-prompt', {}),
  'a completion': {
    method: 'completion/complete',
    ref: { type: 'ref/prompt', name: 'completable-prompt' },
    argument: { name: 'department', value: 'S' },
  },
  'a completion in its context': {
    method: 'completion/complete',
    ref: { type: 'ref/prompt', name: 'completable-prompt' },
    argument: { name: 'name', value: '' },
    context: { arguments: { department: 'Sales' } },
  },
  'a completion of a template': {
    method: 'completion/complete',
    ref: { type: 'ref/resource', uri: 'demo://resource/dynamic/text/{resourceId}' },
    argument: { name: 'resourceId', value: '7' },
  },
  'a level': { method: 'logging/setLevel', level: 'emergency' },
  'another level': { method: 'logging/setLevel', level: 'debug' },
  'its environment': call('get-env', {}),
  'its log': call('toggle-simulated-logging', {}),
  'a log message': { method: 'notifications/message' },
  'no more of its log': call('toggle-simulated-logging', {}),
};

export const EVERYTHING_FAILURES: readonly string[] = [
  'a failing call',
  'a wrong argument',
  'a call that only a task may make',
  'a resource that is not there',
  'a prompt without its argument',
  'a prompt that is not there',
];

export const EVERYTHING_BRIEF: readonly string[] = [
  'resources/templates/list',
  'structured content',
  'an annotated message with an image',
  'a text from a template',
  'a prompt with arguments',
  'another level',
];

function call(name: string, args: Readonly<Record<string, unknown>>) {
  return { method: 'tools/call', name, arguments: args } as const;
}

function prompt(name: string, args: Readonly<Record<string, string>>) {
  return { method: 'prompts/get', name, arguments: args } as const;
}
