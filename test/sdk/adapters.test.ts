import { AegisRuntime } from '@aegis/sdk';
import { governed as governedAi } from '@aegis/sdk/ai';
import { governed as governedLangChain } from '@aegis/sdk/langchain';
import { governed as governedAgents } from '@aegis/sdk/openai-agents';
import { DynamicStructuredTool, StructuredTool, tool as langChainTool } from '@langchain/core/tools';
import { RunContext, tool as agentsTool } from '@openai/agents-core';
import { generateText, stepCountIs, tool as aiTool } from 'ai';
import { MockLanguageModelV4 } from 'ai/test';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { type ApiDaemon, startApi, TOKENS } from '../api/daemon.ts';

let api: ApiDaemon;
let runtime: AegisRuntime;
const ran: string[] = [];

beforeAll(async () => {
  api = await startApi();
});

afterAll(() => api.remove());

const open = () => {
  runtime = new AegisRuntime({ url: api.url, token: TOKENS.builder });
  ran.length = 0;
  return runtime;
};

const inputs = z.object({ table: z.string() });
const read = ({ table }: { table: string }) => {
  ran.push(`read ${table}`);
  return `the owner of ${table} is ada@example.org`;
};
const MASKED = 'the owner of users is [masked:email]';

describe('tools of the Vercel AI SDK', () => {
  it('are carried out when they may be, and the model goes on with what is masked', async () => {
    const call = (name: string) => ({
      content: [
        {
          type: 'tool-call',
          toolCallId: `call-${name}`,
          toolName: name,
          input: '{"table":"users"}',
        } as const,
      ],
      finishReason: { unified: 'tool-calls', raw: undefined } as const,
      usage: {
        inputTokens: { total: 1, noCache: 1, cacheRead: undefined, cacheWrite: undefined },
        outputTokens: { total: 1, text: 1, reasoning: undefined },
      },
      warnings: [],
    });
    const done = {
      ...call('none'),
      content: [{ type: 'text', text: 'done' } as const],
      finishReason: { unified: 'stop', raw: undefined } as const,
    };
    const turns = [call('read'), call('delete'), done];
    const model = new MockLanguageModelV4({ doGenerate: async () => turns.shift() ?? done });
    const tools = {
      read: aiTool({ description: 'reads', inputSchema: inputs, execute: read }),
      delete: aiTool({
        description: 'deletes',
        inputSchema: inputs,
        execute: () => void ran.push('deleted'),
      }),
    };
    const { steps } = await generateText({
      model,
      tools: governedAi(tools, open(), { target: 'database' }),
      prompt: 'go',
      stopWhen: stepCountIs(5),
    });
    const parts = steps.flatMap(({ content }) => content);
    expect(parts.find(({ type }) => type === 'tool-result')).toMatchObject({ output: MASKED });
    const refused = parts.find(({ type }) => type === 'tool-error') as { error?: Error } | undefined;
    expect(refused?.error?.message).toContain('POLICY_DENY');
    expect(ran).toEqual(['read users']);
  });
});

describe('tools of the OpenAI Agents SDK', () => {
  it('are carried out when they may be, and what is refused is answered in words', async () => {
    const tools = governedAgents(
      [
        agentsTool({
          name: 'read',
          description: 'reads',
          parameters: inputs,
          execute: async (input) => read(input),
        }),
        agentsTool({
          name: 'delete',
          description: 'deletes',
          parameters: inputs,
          execute: async () => void ran.push('deleted'),
        }),
      ],
      open(),
      { target: 'database' },
    );
    const [reading, deleting] = tools;
    const context = new RunContext();
    expect(await reading?.invoke(context, '{"table":"users"}')).toBe(MASKED);
    expect(await deleting?.invoke(context, '{"table":"users"}')).toContain('POLICY_DENY');
    expect(ran).toEqual(['read users']);
  });

  it('that run elsewhere are refused', () => {
    expect(() => governedAgents([{ type: 'hosted_tool', name: 'web_search' }], open())).toThrow(
      'does not govern',
    );
  });
});

describe('tools of LangChain.js', () => {
  it('are carried out when they may be, and stay tools', async () => {
    const deleting = new DynamicStructuredTool({
      name: 'delete',
      description: 'deletes',
      schema: inputs,
      func: async () => {
        ran.push('deleted');
        return 'deleted';
      },
    });
    const reading = langChainTool(async (input) => read(input), {
      name: 'read',
      description: 'reads',
      schema: inputs,
    });
    const [governedRead, governedDelete] = governedLangChain([reading, deleting], open(), {
      target: 'database',
    });
    expect(governedRead).toBeInstanceOf(StructuredTool);
    expect(governedRead?.name).toBe('read');
    expect(await governedRead?.invoke({ table: 'users' })).toBe(MASKED);
    await expect(governedDelete?.invoke({ table: 'users' })).rejects.toThrow('POLICY_DENY');
    await expect(governedRead?.invoke({ table: 7 } as never)).rejects.toThrow();
    expect(ran).toEqual(['read users']);
  });
});
