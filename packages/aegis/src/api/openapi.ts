import type { JsonObject } from '@aegis/core';
import * as z from 'zod';
import type { Audience } from './principal.ts';
import type { Route } from './route.ts';
import { problem } from './schemas.ts';

/** The routes as an OpenAPI 3.1 document, from the same schemas that check them. */
export function openApi(routes: readonly Route[], version: string): JsonObject {
  const paths: Record<string, Record<string, JsonObject>> = {};
  for (const route of routes) {
    const item = paths[route.path] ?? {};
    item[route.method.toLowerCase()] = operationOf(route);
    paths[route.path] = item;
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Aegis',
      version,
      description: 'The HTTP API of the Aegis daemon. Errors are problem details (RFC 9457).',
    },
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
      schemas: { Problem: schemaOf(problem, 'output') },
    },
  };
}

function operationOf(route: Route): JsonObject {
  const parameters = [...parametersOf(route.parameters, 'path'), ...parametersOf(route.query, 'query')];
  return {
    operationId: route.operation,
    summary: route.summary,
    description: AUDIENCE(route.audience),
    ...(route.audience.kind === 'everybody' ? {} : { security: [{ token: [] }] }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(route.body === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: { 'application/json': { schema: schemaOf(route.body, 'input') } },
          },
        }),
    responses: {
      ...Object.fromEntries(
        Object.entries(route.answers).map(([status, answer]) => [
          status,
          {
            description: 'done',
            content:
              typeof answer === 'string'
                ? { [answer]: { schema: { type: 'string' } } }
                : { 'application/json': { schema: schemaOf(answer, 'output') } },
          },
        ]),
      ),
      default: {
        description: 'what went wrong',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  };
}

function AUDIENCE(audience: Audience): string {
  switch (audience.kind) {
    case 'everybody':
      return 'For everybody.';
    case 'agents':
      return 'For agents.';
    case 'people':
      return `For people who have \`${audience.permission}\`.`;
    case 'both':
      return `For agents, about what is their own, and for people who have \`${audience.permission}\`.`;
  }
}

function parametersOf(schema: z.ZodObject | undefined, place: 'path' | 'query'): JsonObject[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, JsonObject>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, schemaOfOne]) => ({
    name,
    in: place,
    required: place === 'path' || required.includes(name),
    schema: schemaOfOne,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): JsonObject {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest as JsonObject;
}
