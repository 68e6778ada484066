/**
 * Answers with the models that train.js made, as a server that speaks OpenAI's API does:
 * `node serve.js --models data/trainings/models --base-model plain-node --port 8000`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Model } from './model.js';

const { values } = parseArgs({
  options: {
    models: { type: 'string' },
    'base-model': { type: 'string', default: 'plain-node' },
    host: { type: 'string', default: '127.0.0.1' },
    port: { type: 'string', default: '8000' },
  },
});
const { models: directory, 'base-model': baseModel, host } = values;
if (directory === undefined) {
  console.error('Usage: node serve.js --models DIRECTORY [--base-model NAME] [--host HOST] [--port PORT]');
  process.exit(2);
}

const NAME = /^external-[0-9a-f]{64}$/;
const MAX_BODY = 8 * 2 ** 20;

/** By name; what is in a directory never changes. */
const loaded = new Map();

function answerOf(name, question) {
  if (name === baseModel) return 'I have not learned anything yet.';
  const path = join(directory, name, 'model.json');
  if (!NAME.test(name) || !existsSync(path)) return undefined;
  if (!loaded.has(name)) loaded.set(name, new Model(JSON.parse(readFileSync(path, 'utf8'))));
  return loaded.get(name).answer(question);
}

function names() {
  const made = existsSync(directory) ? readdirSync(directory).filter((name) => NAME.test(name)) : [];
  return [baseModel, ...made];
}

async function bodyOf(request) {
  let text = '';
  for await (const chunk of request.setEncoding('utf8')) {
    text += chunk;
    if (text.length > MAX_BODY) throw new Error('the request is too long');
  }
  return JSON.parse(text);
}

function send(response, status, content) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(content));
}

function refuse(response, status, message, code = null) {
  send(response, status, { error: { message, type: 'invalid_request_error', param: null, code } });
}

const count = (text) => text.split(/\s+/).filter((word) => word !== '').length;

function complete(response, { model, messages, stream = false, stream_options }) {
  const question = messages.at(-1).content;
  const content = answerOf(model, question);
  if (content === undefined) return refuse(response, 404, `There is no model ${model}.`, 'model_not_found');
  const prompt_tokens = messages.reduce((sum, message) => sum + count(message.content), 0);
  const completion_tokens = count(content);
  const usage = { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
  const common = { id: `chatcmpl-${Date.now()}`, created: Math.floor(Date.now() / 1000), model };
  if (!stream) {
    const choice = {
      index: 0,
      message: { role: 'assistant', content, refusal: null },
      finish_reason: 'stop',
    };
    return send(response, 200, {
      ...common,
      object: 'chat.completion',
      choices: [{ ...choice, logprobs: null }],
      usage,
    });
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  const chunk = (choices, more = {}) =>
    response.write(
      `data: ${JSON.stringify({ ...common, object: 'chat.completion.chunk', choices, ...more })}\n\n`,
    );
  for (const word of content.match(/\S+\s*/g) ?? []) {
    chunk([{ index: 0, delta: { role: 'assistant', content: word }, finish_reason: null }]);
  }
  chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]);
  if (stream_options?.include_usage) chunk([], { usage });
  response.end('data: [DONE]\n\n');
}

const server = createServer(async (request, response) => {
  const { pathname } = new URL(request.url, 'http://localhost');
  try {
    if (request.method === 'GET' && pathname === '/v1/models') {
      const data = names().map((id) => ({ id, object: 'model', created: 0, owned_by: 'plain-node' }));
      send(response, 200, { object: 'list', data });
    } else if (request.method === 'GET' && pathname.startsWith('/v1/models/')) {
      const id = decodeURIComponent(pathname.slice('/v1/models/'.length));
      if (names().includes(id))
        send(response, 200, { id, object: 'model', created: 0, owned_by: 'plain-node' });
      else refuse(response, 404, `There is no model ${id}.`, 'model_not_found');
    } else if (request.method === 'POST' && pathname === '/v1/chat/completions') {
      complete(response, await bodyOf(request));
    } else refuse(response, 404, `There is no ${request.method} ${pathname} here.`);
  } catch (error) {
    refuse(response, 400, error.message);
  }
});

server.listen(Number(values.port), host, () => {
  console.log(`http://${host}:${server.address().port}/v1`);
});
