import type { CallToolResult, McpServer } from '@modelcontextprotocol/server';
import { PNG, WAV } from '../media.ts';
import { text } from '../result.ts';

const IMAGE = { type: 'image', data: PNG, mimeType: 'image/png' } as const;

/** Tools that take nothing and answer at once, one per kind of content. */
const ANSWERS: Readonly<Record<string, { readonly description: string; readonly result: CallToolResult }>> = {
  test_simple_text: {
    description: 'answers with one text',
    result: text('This is a simple text response for testing.'),
  },
  test_image_content: { description: 'answers with one image', result: { content: [IMAGE] } },
  test_audio_content: {
    description: 'answers with one sound',
    result: { content: [{ type: 'audio', data: WAV, mimeType: 'audio/wav' }] },
  },
  test_embedded_resource: {
    description: 'answers with a resource inside the result',
    result: {
      content: [
        {
          type: 'resource',
          resource: {
            uri: 'test://embedded-resource',
            mimeType: 'text/plain',
            text: 'This is an embedded resource content.',
          },
        },
      ],
    },
  },
  test_multiple_content_types: {
    description: 'answers with a text, an image and a resource',
    result: {
      content: [
        { type: 'text', text: 'Multiple content types test:' },
        IMAGE,
        {
          type: 'resource',
          resource: {
            uri: 'test://mixed-content-resource',
            mimeType: 'application/json',
            text: '{"test":"data","value":123}',
          },
        },
      ],
    },
  },
  test_streaming_elicitation: {
    description: 'answers without asking the client for anything',
    result: text('nothing was asked'),
  },
};

export function registerContentTools(server: McpServer): void {
  for (const [name, { description, result }] of Object.entries(ANSWERS)) {
    server.registerTool(name, { description }, () => result);
  }
  server.registerTool('test_error_handling', { description: 'always fails' }, () => {
    throw new Error('This tool intentionally returns an error for testing');
  });
}
