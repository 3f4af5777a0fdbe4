// The server that the conformance suite asks for: https://github.com/modelcontextprotocol/conformance
import { McpServer } from '@modelcontextprotocol/server';
import { registerPrompts } from './prompts.ts';
import { registerResources } from './resources.ts';
import { Subscriptions } from './subscriptions.ts';
import { registerAskingTools } from './tools/asking.ts';
import { type Occasional, registerChanges } from './tools/changes.ts';
import { registerContentTools } from './tools/content.ts';
import { registerNoticeTools } from './tools/notices.ts';
import { registerSchemaTools } from './tools/schemas.ts';
import { registerSeveralRoundTools } from './tools/several-rounds.ts';
import { registerSingleRoundTools } from './tools/single-round.ts';
import type { World } from './world.ts';

/** A server for one request: it shows the world as it is now. */
export function createServer(world: World): McpServer {
  return build(world).server;
}

/** A server for a connection that lasts: it follows the changes, and tells them. */
export function createFollowingServer({ lists, states }: World): McpServer {
  const { server, occasional, subscriptions } = build({ lists, states });
  server.server.onclose = lists.onChange((change) => {
    if (change.kind !== 'resource') occasional[change.kind].update({ enabled: lists.shows(change.kind) });
    else if (subscriptions.has(change.uri)) void server.server.sendResourceUpdated({ uri: change.uri });
  });
  return server;
}

function build({ lists, states }: World): {
  readonly server: McpServer;
  readonly occasional: Occasional;
  readonly subscriptions: Subscriptions;
} {
  const server = new McpServer(
    { name: 'conformance-reference', version: '1.0.0' },
    {
      capabilities: {
        tools: { listChanged: true },
        prompts: { listChanged: true },
        resources: { listChanged: true, subscribe: true },
        logging: {},
      },
      requestState: { verify: (state, context) => states.verify(state, context) },
    },
  );
  registerContentTools(server);
  registerNoticeTools(server);
  registerSchemaTools(server);
  registerAskingTools(server);
  registerSingleRoundTools(server);
  registerSeveralRoundTools(server, states);
  registerResources(server);
  registerPrompts(server);
  const occasional = registerChanges(server, lists);
  return { server, occasional, subscriptions: new Subscriptions(server) };
}
